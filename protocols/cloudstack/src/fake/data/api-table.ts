// Made from recordings of an Apache CloudStack 4.23 management server by tools/src/distil/cloudstack.ts; not written by hand.

/** `roles`: who is offered it: a root admin, d domain admin, u ordinary account. `params`: `name:type`, `!` where required. */
export const API_TABLE: Readonly<Record<string, { isAsync: boolean; since: string; roles: string; params: string }>> = {
  addNicToVirtualMachine: {
    isAsync: true,
    since: '',
    roles: 'adu',
    params: 'networkid:uuid! macaddress:string ipaddress:string virtualmachineid:uuid! dhcpoptions:map',
  },
  assignVirtualMachine: {
    isAsync: false,
    since: '3.0.0',
    roles: 'ad',
    params: 'securitygroupids:list virtualmachineid:uuid! domainid:uuid projectid:uuid networkids:list account:string',
  },
  assignVolume: { isAsync: false, since: '4.18.0.0', roles: 'ad', params: 'projectid:uuid accountid:uuid volumeid:uuid!' },
  attachVolume: { isAsync: true, since: '', roles: 'adu', params: 'virtualmachineid:uuid! id:uuid! deviceid:long' },
  createTags: { isAsync: true, since: '4.0.0', roles: 'adu', params: 'resourceids:list! resourcetype:string! tags:map! customer:string' },
  createVolume: {
    isAsync: true,
    since: '',
    roles: 'adu',
    params:
      'snapshotid:uuid kmskeyid:uuid name:string maxiops:long projectid:uuid zoneid:uuid diskofferingid:uuid account:string customid:string domainid:uuid virtualmachineid:uuid size:long displayvolume:boolean miniops:long storageid:uuid',
  },
  deleteTags: { isAsync: true, since: '4.0.0', roles: 'adu', params: 'resourceids:list! tags:map resourcetype:string!' },
  deleteVolume: { isAsync: false, since: '', roles: 'adu', params: 'id:uuid!' },
  deployVirtualMachine: {
    isAsync: true,
    since: '',
    roles: 'adu',
    params:
      'podid:uuid nicmultiqueuenumber:integer keypair:string bootmode:string hostid:uuid nicnetworklist:map serviceofferingid:uuid! projectid:uuid leaseduration:integer userdata:string name:string copyimagetags:boolean blankinstance:boolean macaddress:string deploymentplanner:string iptonetworklist:map dynamicscalingenabled:boolean boottype:string rootdisksize:long affinitygroupids:list iodriverpolicy:string customid:string startvm:boolean userdatadetails:map hypervisor:string datadisksdetails:map externaldetails:map securitygroupnames:list volumeid:uuid userdataid:uuid password:string properties:map nicpackedvirtqueuesenabled:boolean displayvm:boolean snapshotid:uuid keypairs:list iothreadsenabled:boolean ipaddress:string group:string networkids:list clusterid:uuid affinitygroupnames:list templateid:uuid domainid:uuid dhcpoptionsnetworklist:map datadiskofferinglist:map keyboard:string zoneid:uuid! details:map securitygroupids:list rootdiskkmskeyid:uuid extraconfig:string size:long bootintosetup:boolean ip6address:string diskofferingid:uuid overridediskofferingid:uuid leaseexpiryaction:string displayname:string account:string',
  },
  destroyVirtualMachine: { isAsync: true, since: '', roles: 'adu', params: 'id:uuid! volumeids:list expunge:boolean forced:boolean' },
  detachVolume: { isAsync: true, since: '', roles: 'adu', params: 'virtualmachineid:uuid deviceid:long id:uuid' },
  getUser: { isAsync: false, since: '', roles: 'a', params: 'userapikey:string!' },
  getUserKeys: { isAsync: false, since: '4.10.0', roles: 'adu', params: 'id:uuid!' },
  listAccounts: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'showicon:boolean name:string keyword:string page:integer id:uuid domainid:uuid pagesize:integer state:string isrecursive:boolean listall:boolean details:list tag:string apikeyaccess:string iscleanuprequired:boolean accounttype:integer',
  },
  listApis: { isAsync: false, since: '4.1.0', roles: 'adu', params: 'name:string' },
  listAsyncJobs: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'domainid:uuid listall:boolean startdate:date managementserverid:uuid page:integer account:string resourceid:string resourcetype:string keyword:string isrecursive:boolean pagesize:integer',
  },
  listCapabilities: { isAsync: false, since: '', roles: 'adu', params: 'domainid:uuid' },
  listClusters: {
    isAsync: false,
    since: '',
    roles: 'a',
    params:
      'arch:string podid:uuid clustertype:string name:string storageaccessgroup:string managedstate:string pagesize:integer id:uuid keyword:string allocationstate:string showcapacities:boolean zoneid:uuid page:integer hypervisor:string',
  },
  listDiskOfferings: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'isrecursive:boolean volumeid:uuid virtualmachineid:uuid account:string listall:boolean name:string pagesize:integer projectid:uuid page:integer domainid:uuid state:string storageid:uuid encrypt:boolean keyword:string storagetype:string zoneid:uuid id:uuid',
  },
  listDomains: {
    isAsync: false,
    since: '',
    roles: 'ad',
    params:
      'isrecursive:boolean keyword:string domainid:uuid page:integer listall:boolean listall:boolean account:string details:list tag:string pagesize:integer id:uuid showicon:boolean tags:map projectid:uuid name:string level:integer',
  },
  listEvents: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'keyword:string type:string resourcetype:string entrytime:integer duration:integer archived:boolean pagesize:integer listall:boolean level:string id:uuid startid:uuid startdate:date resourceid:string domainid:uuid account:string page:integer state:string projectid:uuid isrecursive:boolean enddate:date',
  },
  listHosts: {
    isAsync: false,
    since: '',
    roles: 'a',
    params:
      'podid:uuid keyword:string outofbandmanagementenabled:boolean hypervisor:string zoneid:uuid state:string storageaccessgroup:string page:integer clusterid:uuid name:string id:uuid version:string pagesize:integer virtualmachineid:uuid resourcestate:string managementserverid:uuid outofbandmanagementpowerstate:string arch:string details:list hahost:boolean type:string',
  },
  listNetworks: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'pagesize:integer networkofferingid:uuid supportedservices:list page:integer associatednetworkid:uuid physicalnetworkid:uuid traffictype:string networkfilter:string issystem:boolean name:string listall:boolean id:uuid account:string forvpc:boolean tags:map acltype:string canusefordeploy:boolean type:string vlan:string restartrequired:boolean domainid:uuid zoneid:uuid retrieveonlyresourcecount:boolean projectid:uuid displaynetwork:boolean specifyipranges:boolean vpcid:uuid isrecursive:boolean keyword:string showicon:boolean',
  },
  listNics: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params: 'fordisplay:boolean virtualmachineid:uuid! page:integer nicid:uuid networkid:uuid pagesize:integer keyword:string',
  },
  listOsTypes: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params: 'keyword:string oscategoryid:uuid description:string id:uuid pagesize:integer fordisplay:boolean ids:list page:integer',
  },
  listPods: {
    isAsync: false,
    since: '',
    roles: 'a',
    params:
      'id:uuid page:integer pagesize:integer showcapacities:boolean storageaccessgroup:string name:string zoneid:uuid keyword:string allocationstate:string',
  },
  listProjects: {
    isAsync: false,
    since: '3.0.0',
    roles: 'adu',
    params:
      'isrecursive:boolean domainid:uuid page:integer showicon:boolean state:string account:string id:uuid listall:boolean displaytext:string tags:map username:string details:list keyword:string name:string pagesize:integer',
  },
  listServiceOfferings: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'gpuenabled:boolean domainid:uuid state:string id:uuid pagesize:integer account:string name:string isrecursive:boolean storagetype:string zoneid:uuid page:integer virtualmachineid:uuid memory:integer encryptroot:boolean listall:boolean systemvmtype:string vgpuprofileid:uuid cpunumber:integer keyword:string projectid:uuid templateid:uuid issystem:boolean cpuspeed:integer',
  },
  listStoragePools: {
    isAsync: false,
    since: '',
    roles: 'a',
    params:
      'pagesize:integer storageaccessgroup:string podid:uuid page:integer keyword:string id:uuid name:string status:string zoneid:uuid clusterid:uuid path:string scope:string hostid:uuid storagecustomstats:boolean ipaddress:string',
  },
  listTags: {
    isAsync: false,
    since: '4.0.0',
    roles: 'adu',
    params:
      'domainid:uuid keyword:string customer:string listall:boolean resourcetype:string resourceid:string isrecursive:boolean value:string account:string projectid:uuid page:integer pagesize:integer key:string',
  },
  listTemplates: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'tags:map zoneid:uuid imagestoreid:uuid templatefilter:string! parenttemplateid:uuid keyword:string extensionid:uuid name:string arch:string listall:boolean showremoved:boolean forcks:boolean storageid:uuid id:uuid ids:list oscategoryid:uuid account:string isvnf:boolean domainid:uuid isrecursive:boolean pagesize:integer projectid:uuid showicon:boolean page:integer showunique:boolean templatetype:string hypervisor:string details:list isready:boolean',
  },
  listUsers: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'isrecursive:boolean accounttype:integer page:integer pagesize:integer apikeyaccess:string account:string id:uuid username:string keyword:string showicon:boolean state:string usersource:string listall:boolean domainid:uuid',
  },
  listVMSnapshot: {
    isAsync: false,
    since: '4.2.0',
    roles: 'adu',
    params:
      'account:string keyword:string page:integer listall:boolean tags:map vmsnapshotid:uuid name:string state:string domainid:uuid pagesize:integer vmsnapshotids:list isrecursive:boolean projectid:uuid virtualmachineid:uuid',
  },
  listVirtualMachines: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'retrieveonlyresourcecount:boolean clusterid:uuid userid:uuid accumulate:boolean forvirtualnetwork:boolean isoid:uuid page:integer extensionid:uuid tags:map isrecursive:boolean securitygroupid:uuid showicon:boolean storageid:uuid userdataid:uuid isvnf:boolean domainid:uuid details:list haenable:boolean name:string keypair:string ids:list account:string arch:string userdata:boolean projectid:uuid affinitygroupid:uuid serviceofferingid:uuid state:string templateid:uuid networkid:uuid hostid:uuid gpuenabled:boolean groupid:uuid keyword:string backupofferingid:uuid displayvm:boolean podid:uuid listall:boolean pagesize:integer id:uuid leased:boolean vpcid:uuid zoneid:uuid hypervisor:string autoscalevmgroupid:uuid',
  },
  listVolumes: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'clusterid:uuid account:string diskofferingid:uuid page:integer displayvolume:boolean name:string tags:map serviceofferingid:uuid virtualmachineid:uuid isencrypted:boolean isrecursive:boolean ids:list listsystemvms:boolean hostid:uuid state:string projectid:uuid id:uuid keyword:string storageid:string kmskeyid:uuid retrieveonlyresourcecount:boolean zoneid:uuid pagesize:integer domainid:uuid listall:boolean type:string podid:uuid',
  },
  listZones: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'networktype:string available:boolean domainid:uuid showcapacities:boolean id:uuid showicon:boolean name:string keyword:string storageaccessgroup:string ids:list tags:map pagesize:integer page:integer',
  },
  queryAsyncJobResult: { isAsync: false, since: '', roles: 'adu', params: 'jobid:uuid resourceid:string resourcetype:string' },
  rebootVirtualMachine: { isAsync: true, since: '', roles: 'adu', params: 'bootintosetup:boolean id:uuid! forced:boolean' },
  removeNicFromVirtualMachine: { isAsync: true, since: '', roles: 'adu', params: 'virtualmachineid:uuid! nicid:uuid!' },
  resizeVolume: {
    isAsync: true,
    since: '',
    roles: 'adu',
    params: 'automigrate:boolean id:uuid! miniops:long maxiops:long shrinkok:boolean size:long diskofferingid:uuid',
  },
  startVirtualMachine: {
    isAsync: true,
    since: '',
    roles: 'adu',
    params: 'hostid:uuid podid:uuid id:uuid! clusterid:uuid considerlasthost:boolean bootintosetup:boolean deploymentplanner:string',
  },
  stopVirtualMachine: { isAsync: true, since: '', roles: 'adu', params: 'forced:boolean id:uuid!' },
  updateVirtualMachine: {
    isAsync: false,
    since: '',
    roles: 'adu',
    params:
      'displayname:string details:map deleteprotection:boolean ostypeid:uuid cleanupextraconfig:boolean isdynamicallyscalable:boolean securitygroupids:list customid:string group:string userdataid:uuid securitygroupnames:list userdata:string instancename:string id:uuid! haenable:boolean displayvm:boolean extraconfig:string userdatadetails:map leaseduration:integer cleanupdetails:boolean dhcpoptionsnetworklist:map name:string leaseexpiryaction:string',
  },
  updateVolume: {
    isAsync: true,
    since: '',
    roles: 'a',
    params:
      'name:string displayvolume:boolean storageid:uuid customid:string deleteprotection:boolean chaininfo:string state:string path:string id:uuid',
  },
};
