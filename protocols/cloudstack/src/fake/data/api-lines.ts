// Made from recordings of an Apache CloudStack 4.23 management server by tools/src/distil/cloudstack.ts; not written by hand.

/** An API in each line: name, roles that it is offered to (a root admin, d domain admin, u ordinary account), `*` a job, `@` since; parameters. */
export const API_LINES = `
acquirePodIpAddress a zoneid! podid
activateProject adu*@3.0.0 id:uuid!
addAccountToProject adu*@3.0.0 projectroleid:uuid roletype account email projectid:uuid!
addAnnotation adu@4.11 adminsonly:boolean entityid annotation entitytype
addBackupRepository a@4.20.0 crosszoneinstancecreation:boolean type! capacitybytes:long name! address! provider zoneid:uuid! mountopts
addBaremetalDhcp a* username! dhcpservertype! url! password! physicalnetworkid:uuid!
addBaremetalHost a podid:uuid! clusterid:uuid url! storageaccessgroups:list allocationstate zoneid:uuid! externaldetails:map ipaddress hosttags:list password clustername username hypervisor!
addBaremetalPxeKickStartServer a* podid:uuid pxeservertype! username! url! physicalnetworkid:uuid! tftpdir! password!
addBaremetalPxePingServer a* podid:uuid tftpdir! pingcifspassword url! username! pxeservertype! pingdir! pingstorageserverip! password! physicalnetworkid:uuid! pingcifsusername
addBaremetalRct a* baremetalrcturl:object!
addBigSwitchBcfDevice a*@4.6.0 nat:boolean! physicalnetworkid:uuid! username! hostname! password!
addBrocadeVcsDevice a* physicalnetworkid:uuid! password! hostname! username!
addCluster a storageaccessgroups:list ovm3vip podid:uuid! zoneid:uuid! externaldetails:map ovm3pool publicvswitchname ovm3cluster publicvswitchtype extensionid:uuid vsmpassword allocationstate guestvswitchname hypervisor! username password url vsmusername vsmipaddress guestvswitchtype arch clustertype! clustername!
addCustomAction a@4.21.0 successmessage details:map resourcetype parameters:map enabled:boolean timeout:integer errormessage description extensionid:uuid! name! allowedroletypes:list
addDnsServer adu@4.23.0 dnsusername dnsapikey! nameservers:list! port:integer provider! name! url! details:map publicdomainsuffix ispublic:boolean
addGloboDnsHost a*@4.5.0 username! url! password! physicalnetworkid:uuid!
addGuestOs a*@4.4.0 name oscategoryid:uuid! osdisplayname! forDisplay:boolean details:map
addGuestOsMapping a*@4.4.0 osdisplayname osnameforhypervisor! hypervisorversion! forced:boolean ostypeid:uuid hypervisor! osmappingcheckenabled:boolean
addHost a hypervisor! allocationstate podid:uuid! url! externaldetails:map hosttags:list zoneid:uuid! password username clustername clusterid:uuid storageaccessgroups:list
addImageStore a@4.2.0 name details:map provider! url zoneid:uuid
addImageStoreS3 a@4.7.0 usetcpkeepalive:boolean maxerrorretry:integer accesskey! connectiontimeout:integer sockettimeout:integer secretkey! s3signer connectionttl:integer usehttps:boolean endpoint! bucket!
addIpToNic adu* description nicid:uuid! ipaddress
addKubernetesSupportedVersion a name directdownload:boolean semanticversion! arch checksum url zoneid:uuid minmemory:integer! mincpunumber:integer!
addLdapConfiguration a@4.2.0 port:integer! hostname! domainid:uuid
addNetscalerLoadBalancer a* password! isexclusivegslbprovider:boolean url! networkdevicetype! gslbproviderpublicip gslbprovider:boolean gslbproviderprivateip username! physicalnetworkid:uuid!
addNetworkDevice a networkdeviceparameterlist:map networkdevicetype
addNetworkServiceProvider a*@3.0.0 physicalnetworkid:uuid! destinationphysicalnetworkid:uuid name! servicelist:list
addNicToVirtualMachine adu* networkid:uuid! macaddress ipaddress virtualmachineid:uuid! dhcpoptions:map
addNiciraNvpDevice a* l2gatewayserviceuuid password! l3gatewayserviceuuid transportzoneuuid! username! hostname! physicalnetworkid:uuid!
addNodesToKubernetesCluster adu*@4.21.0 mountcksisoonvr:boolean id:uuid! nodeids:list! manualupgrade:boolean
addObjectStoragePool a@4.19.0 url! provider! size:long details:map tags name!
addOpenDaylightController a* password! url! physicalnetworkid:uuid! username!
addOsCategory a@4.21.0 isfeatured:boolean name!
addPaloAltoFirewall a* networkdevicetype! physicalnetworkid:uuid! username! url! password!
addRegion a name! id:integer! endpoint!
addResourceDetail a* details:map! fordisplay:boolean resourcetype! resourceid!
addSecondaryStorage a url! details:map zoneid:uuid
addStratosphereSsp a password username tenantuuid zoneid:uuid! name! url!
addSwift a@3.0.0 key url! username account
addTrafficMonitor a url! includezones zoneid:uuid! excludezones
addTrafficType a*@3.0.0 hypervnetworklabel xennetworklabel ovm3networklabel physicalnetworkid:uuid! isolationmethod traffictype! kvmnetworklabel vlan vmwarenetworklabel
addUcsManager a name url! password! zoneid:uuid! username!
addUserToProject adu*@4.14 username! roletype projectid:uuid! email projectroleid:uuid
addVirtualMachinesToKubernetesCluster adu@4.19.0 iscontrolnode:boolean id:uuid! virtualmachineids:list!
addVpnUser adu* username! account domainid:uuid projectid:uuid password!
addWebhookFilter adu@4.23.0 mode webhookid:uuid! value! matchtype
archiveAlerts a enddate:date type startdate:date ids:list
archiveEvents adu enddate:date ids:list type startdate:date
archiveSnapshot a* id:uuid!
assignCertToLoadBalancer adu* certid:uuid! forced:boolean lbruleid:uuid!
assignToGlobalLoadBalancerRule adu* loadbalancerrulelist:list! id:uuid! gslblbruleweightsmap:map
assignToLoadBalancerRule adu* id:uuid! virtualmachineids:list vmidipmap:map
assignVirtualMachine ad@3.0.0 securitygroupids:list virtualmachineid:uuid! domainid:uuid projectid:uuid networkids:list account
assignVirtualMachineToBackupOffering adu*@4.14.0 backupofferingid:uuid! virtualmachineid:uuid!
assignVolume ad@4.18.0.0 projectid:uuid accountid:uuid volumeid:uuid!
associateDnsZoneToNetwork adu@4.23.0 networkid:uuid! dnszoneid:uuid! subdomain
associateIpAddress adu* account ipaddress zoneid:uuid isportable:boolean fordisplay:boolean domainid:uuid projectid:uuid networkid:uuid vpcid:uuid regionid:integer
associateUcsProfileToBlade a* profiledn! bladeid:uuid! ucsmanagerid:uuid!
attachIso adu* id:uuid! virtualmachineid:uuid! forced:boolean
attachVolume adu* virtualmachineid:uuid! id:uuid! deviceid:long
authorizeSecurityGroupEgress adu*@3.0.0 protocol usersecuritygrouplist:map projectid:uuid domainid:uuid account securitygroupid:uuid startport:integer securitygroupname icmpcode:integer icmptype:integer endport:integer cidrlist:list
authorizeSecurityGroupIngress adu* startport:integer protocol cidrlist:list endport:integer usersecuritygrouplist:map securitygroupid:uuid domainid:uuid projectid:uuid icmptype:integer icmpcode:integer securitygroupname account
cancelHostAsDegraded a*@4.16.0.0 id:uuid!
cancelHostMaintenance a* id:uuid!
cancelMaintenance a@4.21.0 managementserverid:uuid! rebalance:boolean
cancelShutdown a@4.19.0 managementserverid:uuid!
cancelStorageMaintenance a* id:uuid!
changeBgpPeersForNetwork a*@4.20.0 bgppeerids:list networkid:uuid!
changeBgpPeersForVpc a*@4.20.0 vpcid:uuid! bgppeerids:list
changeOfferingForVolume adu*@4.17 automigrate:boolean id:uuid! shrinkok:boolean maxiops:long miniops:long diskofferingid:uuid! size:long
changeOutOfBandManagementPassword a*@4.9.0 hostid:uuid! password
changeServiceForRouter ad serviceofferingid:uuid! id:uuid!
changeServiceForSystemVm a id:uuid! details:map serviceofferingid:uuid!
changeServiceForVirtualMachine adu serviceofferingid:uuid! id:uuid! miniops:long maxiops:long details:map automigrate:boolean shrinkok:boolean
changeSharedFileSystemDiskOffering adu*@4.20.0 id:uuid! maxiops:long diskofferingid:uuid miniops:long size:long
changeSharedFileSystemServiceOffering adu*@4.20.0 serviceofferingid:uuid! id:uuid!
changeStoragePoolScope a*@4.19.1 id:uuid! scope! clusterid:uuid
checkVolume adu*@4.19.1 repair id:uuid!
cleanVMReservations a*
cleanupSimulatorMock a id:long
cloneBackupOffering a*@4.23.0 allowuserdrivenbackups:boolean domainid sourceofferingid:uuid! description name! externalid zoneid:uuid
cloneDiskOffering ad@4.23.0 iopsreadratemaxlength:long byteswriteratemax:long cachemode provisioningtype miniops:long bytesreadratemax:long maxiops:long iopswriteratemaxlength:long disksize:long domainid:list zoneid:list bytesreadrate:long iopsreadratemax:long storagetype iopsreadrate:long disksizestrictness:boolean tags storagepolicy:uuid iopswriterate:long byteswriterate:long name! iopswriteratemax:long hypervisorsnapshotreserve:integer customizediops:boolean sourceofferingid:uuid! byteswriteratemaxlength:long encrypt:boolean displayoffering:boolean customized:boolean displaytext details:map bytesreadratemaxlength:long
cloneNetworkOffering a@4.23.0 serviceproviderlist:map fortungsten:boolean provider keepaliveenabled:boolean tags traffictype networkmode specifyvlan:boolean fornsx:boolean conservemode:boolean displaytext egressdefaultpolicy:boolean details:map nsxsupportlb:boolean domainid:list routingmode zoneid:list name! forvpc:boolean nsxsupportsinternallb:boolean addservices:list availability maxconnections:integer serviceofferingid:uuid ispersistent:boolean networkrate:integer internetprotocol enable:boolean specifyasnumber:boolean guestiptype servicecapabilitylist:map supportedservices:list dropservices:list sourceofferingid:uuid! specifyipranges:boolean
cloneServiceOffering ad@4.23.0 iopswriterate:long limitcpuuse:boolean cpuspeed:integer displaytext iopsreadrate:long domainid:list miniops:long gpudisplay:boolean leaseexpiryaction purgeresources:boolean iopswriteratemaxlength:long diskofferingstrictness:boolean memory:integer customized:boolean name! minmemory:integer diskofferingid:uuid mincpunumber:integer zoneid:list serviceofferingdetails:map maxcpunumber:integer byteswriterate:long externaldetails:map rootdisksize:long tags issystem:boolean systemvmtype isvolatile:boolean networkrate:integer bytesreadratemax:long provisioningtype leaseduration:integer vgpuprofileid:uuid cpunumber:integer storagetype offerha:boolean hosttags sourceofferingid:uuid! bytesreadratemaxlength:long maxmemory:integer byteswriteratemaxlength:long maxiops:long cachemode iopsreadratemax:long byteswriteratemax:long dynamicscalingenabled:boolean gpucount:integer storagepolicy:uuid iopsreadratemaxlength:long deploymentplanner customizediops:boolean encryptroot:boolean bytesreadrate:long hypervisorsnapshotreserve:integer iopswriteratemax:long
cloneVPCOffering a*@4.23.0 nsxsupportlb:boolean sourceofferingid:uuid! routingmode conservemode:boolean specifyasnumber:boolean supportedservices:list fornsx:boolean enable:boolean internetprotocol serviceproviderlist:map serviceofferingid:uuid zoneid:list domainid:list networkmode provider servicecapabilitylist:map displaytext dropservices:list addservices:list name!
cloudianIsEnabled adu@4.11.0
configureHAForHost a*@4.11 hostid:uuid! provider!
configureInternalLoadBalancerElement ad*@4.2.0 id:uuid! enabled:boolean!
configureNetscalerLoadBalancer a* podids:list inline:boolean lbdeviceid:uuid! lbdevicededicated:boolean lbdevicecapacity:long
configureOutOfBandManagement a@4.9.0 port! username! address! driver! password! hostid:uuid!
configureOvsElement ad* enabled:boolean! id:uuid!
configurePaloAltoFirewall a* fwdevicecapacity:long fwdeviceid:uuid!
configureSimulator a clusterid:uuid jsonresponse count:integer zoneid:uuid name! value! podid:uuid hostid:uuid
configureSimulatorHAProviderState a@4.11 hostid:uuid! recover:boolean! health:boolean! activity:boolean! fence:boolean!
configureStorageAccess a*@4.21.0 storageid:uuid storageaccessgroups:list clusterid:uuid podid:uuid zoneid:uuid hostid:uuid
configureVirtualRouterElement ad* id:uuid! enabled:boolean!
copyIso adu* destzoneids:list id:uuid! destzoneid:uuid sourcezoneid:uuid
copySnapshot adu*@4.19.0 storageids:list sourcezoneid:uuid destzoneid:uuid destzoneids:list usestoragereplication:boolean id:uuid!
copyTemplate adu* destzoneids:list sourcezoneid:uuid destzoneid:uuid id:uuid!
createASNRange a@4.20.0 endasn:long! zoneid:uuid! startasn:long!
createAccount ad lastname! account accountid username! roleid:uuid firstname! timezone userid password! domainid:uuid networkdomain accountdetails:map email! accounttype:integer
createAffinityGroup adu* account projectid:uuid type! domainid:uuid name! description
createAutoScalePolicy adu* conditionids:list! action! name quiettime:integer duration:integer!
createAutoScaleVmGroup adu* fordisplay:boolean scaledownpolicyids:list! maxmembers:integer! minmembers:integer! name lbruleid:uuid! vmprofileid:uuid! interval:integer scaleuppolicyids:list!
createAutoScaleVmProfile adu* userdatadetails:map fordisplay:boolean counterparam:map userdata autoscaleuserid:uuid projectid:uuid templateid:uuid! serviceofferingid:uuid! account domainid:uuid otherdeployparams:map expungevmgraceperiod:integer userdataid:uuid zoneid:uuid!
createBackup adu*@4.14.0 virtualmachineid:uuid! quiescevm:boolean name isolated:boolean description
createBackupOffering a@4.23.0 name! allowextractfile:boolean validate:boolean validationsteps compressionlibrary allowquickrestore:boolean zoneid:uuid! compress:boolean backupchainsize:integer domainid:list description! allowuserdrivenbackups:boolean!
createBackupSchedule adu@4.14.0 schedule! virtualmachineid:uuid! maxbackups:integer quiescevm:boolean timezone! intervaltype! isolated:boolean
createBgpPeer a*@4.20.0 projectid:uuid asnumber:long! password ipaddress zoneid:uuid! account details:map domainid:uuid ip6address
createBucket adu*@4.19.0 policy name! account domainid:uuid objectstorageid:uuid! projectid:uuid objectlocking:boolean versioning:boolean encryption:boolean quota:integer!
createCondition adu* threshold:long! counterid:uuid! relationaloperator! domainid:uuid projectid:uuid account
createConsoleEndpoint adu@4.18.0 token virtualmachineid:uuid!
createCounter a* provider! name! source! value!
createDiskOffering ad maxiops:long hypervisorsnapshotreserve:integer details:map storagepolicy:uuid iopsreadrate:long displayoffering:boolean displaytext disksizestrictness:boolean customized:boolean bytesreadrate:long storagetype iopswriterate:long tags bytesreadratemax:long zoneid:list cachemode iopswriteratemaxlength:long byteswriteratemaxlength:long iopsreadratemaxlength:long miniops:long domainid:list customizediops:boolean provisioningtype iopswriteratemax:long byteswriterate:long byteswriteratemax:long bytesreadratemaxlength:long iopsreadratemax:long disksize:long name! encrypt:boolean
createDnsRecord adu*@4.23.0 ttl:integer contents:list! name! type! dnszoneid:uuid!
createDnsZone adu*@4.23.0 type dnsserverid:uuid! description name! existing:boolean
createDomain ad domainid parentdomainid:uuid name! networkdomain
createEgressFirewallRule adu* icmpcode:integer networkid:uuid! type endport:integer protocol! destcidrlist:list cidrlist:list fordisplay:boolean startport:integer icmptype:integer
createExtension a@4.21.0 path type! reservedresourcedetails name! description orchestratorrequirespreparevm:boolean state details:map
createFirewallRule adu* endport:integer type icmpcode:integer ipaddressid:uuid! icmptype:integer startport:integer protocol! cidrlist:list fordisplay:boolean
createGlobalLoadBalancerRule adu* gslbdomainname! name! gslblbmethod regionid:integer! account domainid:uuid gslbstickysessionmethodname description gslbservicetype!
createGpuCard a@4.21.0 name! devicename! vendorid! videoram:long vendorname! deviceid!
createGpuDevice a@4.21.0 numanode type vgpuprofileid:uuid! busaddress! parentgpudeviceid:uuid hostid:uuid! gpucardid:uuid!
createGuestNetworkIpv6Prefix a*@4.17.0.0 zoneid:uuid! prefix!
createGuiTheme a@4.21.0.0 name! ispublic:boolean css description jsonconfiguration domainids loginbasedomain accountids commonnames recursivedomains:boolean
createHSMProfile a@4.23.0 details:map ispublic:boolean vendorname projectid:uuid account domainid:uuid name! zoneid:uuid protocol
createImageTransfer a@4.23.0 backupid:uuid volumeid:uuid! format direction!
createInstanceGroup adu domainid:uuid projectid:uuid account name!
createInternalLoadBalancerElement ad*@4.2.0 nspid:uuid!
createIpForwardingRule adu* cidrlist:list ipaddressid:uuid! protocol! startport:integer! endport:integer openfirewall:boolean
createIpv4SubnetForGuestNetwork a*@4.20.0 parentid:uuid! subnet cidrsize:integer
createIpv4SubnetForZone a*@4.20.0 domainid:uuid projectid:uuid subnet! account zoneid:uuid!
createIpv6FirewallRule adu* icmptype:integer endport:integer fordisplay:boolean icmpcode:integer networkid:uuid! destcidrlist:list protocol! startport:integer cidrlist:list traffictype
createKMSKey adu@4.23.0 projectid:uuid account hsmprofileid:uuid! name! description zoneid:uuid! keybits:integer domainid:uuid
createKubernetesCluster adu* clustertype size:long account dockerregistryusername dockerregistrypassword enablecsi:boolean name! externalloadbalanceripaddress kubernetesversionid:uuid domainid:uuid nodeofferings:map projectid:uuid cniconfigurationid:uuid hypervisor etcdnodes:long nodetemplates:map nodeaffinitygroups:map networkid:uuid controlnodes:long zoneid:uuid! cniconfigdetails:map description serviceofferingid:uuid dockerregistryurl masternodes:long asnumber:long noderootdisksize:long keypair
createLBHealthCheckPolicy adu*@4.2.0 unhealthythreshold:integer intervaltime:integer lbruleid:uuid! healthythreshold:integer description fordisplay:boolean responsetimeout:integer pingpath
createLBStickinessPolicy adu*@3.0.0 description lbruleid:uuid! fordisplay:boolean methodname! name! param:map
createLoadBalancer adu*@4.2.0 sourceipaddress name! sourceport:integer! networkid:uuid! algorithm! fordisplay:boolean description sourceipaddressnetworkid:uuid! scheme! instanceport:integer!
createLoadBalancerRule adu* cidrlist:list openfirewall:boolean fordisplay:boolean description zoneid:uuid protocol account networkid:uuid publicport:integer! algorithm! privateport:integer! domainid:uuid name! publicipid:uuid
createManagementNetworkIpRange a*@4.11.0.0 vlan startip! netmask! forsystemvms:boolean gateway! podid:uuid! endip
createNetwork adu endipv6 ip6dns1 privatemtu:integer name! displaytext networkofferingid:uuid! networkdomain asnumber:long dns2 netmask domainid:uuid startipv6 isolatedpvlantype routeripv6 routerip endip publicmtu:integer vpcid:uuid zoneid:uuid! account ip6dns2 hideipaddressusage:boolean isolatedpvlan cidrsize:integer associatednetworkid:uuid ip6gateway aclid:uuid dns1 vlan startip bgppeerids:list projectid:uuid acltype ip6cidr sourcenatipaddress tungstenvirtualrouteruuid gateway physicalnetworkid:uuid subdomainaccess:boolean keepmacaddressonpublicnic:boolean externalid bypassvlanoverlapcheck:boolean displaynetwork:boolean
createNetworkACL adu* cidrlist:list startport:integer endport:integer aclid:uuid number:integer action protocol! icmptype:integer reason networkid:uuid icmpcode:integer traffictype fordisplay:boolean
createNetworkACLList adu* description fordisplay:boolean name! vpcid:uuid
createNetworkOffering a@3.0.0 servicecapabilitylist:map nsxsupportsinternallb:boolean details:map internetprotocol egressdefaultpolicy:boolean maxconnections:integer fortungsten:boolean specifyvlan:boolean tags nsxsupportlb:boolean networkmode specifyipranges:boolean conservemode:boolean guestiptype! networkrate:integer name! availability ispersistent:boolean supportedservices:list provider domainid:list fornsx:boolean zoneid:list enable:boolean specifyasnumber:boolean routingmode displaytext serviceofferingid:uuid traffictype! serviceproviderlist:map forvpc:boolean keepaliveenabled:boolean
createNetworkPermissions adu@4.17.0 networkid:uuid! accounts:list accountids:list projectids:list
createPhysicalNetwork a*@3.0.0 domainid:uuid tags:list broadcastdomainrange isolationmethods:list zoneid:uuid! vlan networkspeed name!
createPod a startip allocationstate zoneid:uuid! storageaccessgroups:list gateway name! netmask endip
createPortForwardingRule adu* privateport:integer! protocol! publicendport:integer vmguestip publicport:integer! cidrlist:list openfirewall:boolean networkid:uuid privateendport:integer fordisplay:boolean virtualmachineid:uuid! ipaddressid:uuid!
createPortableIpRange a*@4.2.0 regionid:integer! startip! netmask! gateway! endip! vlan
createPrivateGateway adu*@4.17.0 aclid:uuid networkofferingid:uuid vpcid:uuid! bypassvlanoverlapcheck:boolean associatednetworkid:uuid physicalnetworkid:uuid gateway! sourcenatsupported:boolean ipaddress! vlan netmask!
createProject adu*@3.0.0 userid:uuid account accountid:uuid displaytext domainid:uuid name!
createProjectRole adu@4.15.0 description name! projectid:uuid!
createProjectRolePermission adu@4.15.0 projectid:uuid! description projectroleid:uuid! rule! permission!
createRemoteAccessVpn adu* domainid:uuid openfirewall:boolean fordisplay:boolean iprange publicipid:uuid! account
createResourceSchedule adu@4.23.0 resourceid! schedule! timezone! description action! enabled:boolean resourcetype! details:map enddate:date startdate:date
createRole a@4.9.0 description ispublic:boolean type name! roleid:uuid
createRolePermission a@4.9.0 roleid:uuid! permission! description rule!
createRoutingFirewallRule adu*@4.20.0 destcidrlist:list icmpcode:integer startport:integer endport:integer protocol! icmptype:integer networkid:uuid! cidrlist:list fordisplay:boolean traffictype
createSSHKeyPair adu projectid:uuid account name! domainid:uuid
createSecondaryStagingStore a provider scope details:map zoneid:uuid url!
createSecondaryStorageSelector a@4.19.0 description! heuristicrule! type! zoneid:uuid! name!
createSecurityGroup adu projectid:uuid account name! description domainid:uuid
createServiceOffering ad networkrate:integer storagetype provisioningtype iopsreadrate:long limitcpuuse:boolean zoneid:list isvolatile:boolean deploymentplanner cpuspeed:integer diskofferingid:uuid tags mincpunumber:integer leaseexpiryaction purgeresources:boolean externaldetails:map storagepolicy:uuid miniops:long maxiops:long byteswriteratemaxlength:long encryptroot:boolean issystem:boolean iopswriteratemaxlength:long cachemode hosttags minmemory:integer maxcpunumber:integer bytesreadrate:long customized:boolean name! domainid:list vgpuprofileid:uuid leaseduration:integer serviceofferingdetails:map iopswriterate:long gpudisplay:boolean systemvmtype customizediops:boolean offerha:boolean diskofferingstrictness:boolean hypervisorsnapshotreserve:integer bytesreadratemaxlength:long iopsreadratemaxlength:long byteswriteratemax:long gpucount:integer memory:integer iopswriteratemax:long dynamicscalingenabled:boolean rootdisksize:long displaytext bytesreadratemax:long byteswriterate:long iopsreadratemax:long cpunumber:integer maxmemory:integer
createSharedFileSystem adu*@4.20.0 diskofferingid:uuid! account networkid:uuid! serviceofferingid:uuid! name! provider maxiops:long size:long domainid:uuid filesystem! description projectid:uuid miniops:long zoneid:uuid!
createSnapshot adu* volumeid:uuid! name asyncbackup:boolean usestoragereplication:boolean account locationtype tags:map storageids:list policyid:uuid zoneids:list quiescevm:boolean domainid:uuid
createSnapshotFromVMSnapshot adu*@4.10.0 name volumeid:uuid! vmsnapshotid:uuid!
createSnapshotPolicy adu intervaltype! usestoragereplication:boolean fordisplay:boolean zoneids:list schedule! volumeid:uuid! storageids:list tags:map maxsnaps:integer! timezone!
createStaticRoute adu* cidr! vpcid:uuid gatewayid:uuid nexthop
createStorageNetworkIpRange a*@3.0.0 netmask! gateway! vlan:integer podid:uuid! startip! endip
createStoragePool a tags url! capacitybytes:long provider name! zoneid:uuid! istagarule:boolean managed:boolean details:map capacityiops:long scope clusterid:uuid storageaccessgroups hypervisor podid:uuid
createTags adu*@4.0.0 resourceids:list! resourcetype! tags:map! customer
createTemplate adu* volumeid:uuid templatetag virtualmachineid:uuid bits:integer snapshotid:uuid domainid:uuid isdynamicallyscalable:boolean arch ispublic:boolean sshkeyenabled:boolean displaytext passwordenabled:boolean details:map projectid:uuid zoneid:uuid name! requireshvm:boolean ostypeid:uuid! isfeatured:boolean url account
createUser ad email! password! userid account! lastname! firstname! timezone passwordchangerequired:boolean username! domainid:uuid
createVMFromBackup adu*@4.21.0 customid overridediskofferingid:uuid account dynamicscalingenabled:boolean deploymentplanner datadiskofferinglist:map rootdiskkmskeyid:uuid projectid:uuid clusterid:uuid iodriverpolicy iothreadsenabled:boolean affinitygroupids:list keypairs:list serviceofferingid:uuid details:map rootdisksize:long ipaddress startvm:boolean affinitygroupnames:list domainid:uuid userdata keypair ip6address podid:uuid extraconfig macaddress displayvm:boolean preserveip:boolean dhcpoptionsnetworklist:map leaseexpiryaction externaldetails:map boottype userdatadetails:map securitygroupnames:list securitygroupids:list keyboard bootintosetup:boolean hypervisor displayname leaseduration:integer bootmode datadisksdetails:map name nicnetworklist:map templateid:uuid password nicpackedvirtqueuesenabled:boolean size:long diskofferingid:uuid copyimagetags:boolean networkids:list iptonetworklist:map backupid:uuid! zoneid:uuid! nicmultiqueuenumber:integer properties:map group quickrestore:boolean userdataid:uuid hostid:uuid
createVMSchedule adu@4.19.0 enabled:boolean startdate:date virtualmachineid:uuid! enddate:date timezone! description schedule! action!
createVMSnapshot adu*@4.2.0 snapshotmemory:boolean description name virtualmachineid:uuid! quiescevm:boolean
createVPC adu* dns1 name! displaytext projectid:uuid domainid:uuid cidr userouteripresolver:boolean publicmtu:integer fordisplay:boolean asnumber:long ip6dns2 keepmacaddressonpublicnic:boolean zoneid:uuid! start:boolean dns2 ip6dns1 networkdomain cidrsize:integer vpcofferingid:uuid! bgppeerids:list sourcenatipaddress account
createVPCOffering a* specifyasnumber:boolean serviceproviderlist:map provider zoneid:list name! nsxsupportlb:boolean fornsx:boolean networkmode supportedservices:list routingmode domainid:list enable:boolean displaytext internetprotocol serviceofferingid:uuid conservemode:boolean servicecapabilitylist:map
createVgpuProfile a@4.21.0 name! maxheads:long maxresolutiony:long gpucardid:uuid! videoram:long maxvgpuperphysicalgpu:long description maxresolutionx:long
createVirtualRouterElement ad* providertype:uuid nspid:uuid!
createVlanIpRange a startip zoneid:uuid podid:uuid ip6gateway gateway forvirtualnetwork:boolean forsystemvms:boolean physicalnetworkid:uuid domainid:uuid startipv6 account netmask provider networkid:uuid vlan ip6cidr endip endipv6 projectid:uuid
createVolume adu* snapshotid:uuid kmskeyid:uuid name maxiops:long projectid:uuid zoneid:uuid diskofferingid:uuid account customid domainid:uuid virtualmachineid:uuid size:long displayvolume:boolean miniops:long storageid:uuid
createVpnConnection adu* s2svpngatewayid:uuid! fordisplay:boolean passive:boolean s2scustomergatewayid:uuid!
createVpnCustomerGateway adu* ikepolicy! cidrlist! esppolicy! projectid:uuid gateway! splitconnections:boolean account ipsecpsk! esplifetime:long name forceencap:boolean domainid:uuid ikeversion dpd:boolean ikelifetime:long
createVpnGateway adu* vpcid:uuid! fordisplay:boolean ipaddressid:uuid
createWebhook adu@4.20.0 state account secretkey description scope projectid:uuid name! payloadurl! sslverification:boolean domainid:uuid
createZone a name! allocationstate internaldns2 domain networktype! localstorageenabled:boolean guestcidraddress securitygroupenabled:boolean ip6dns1 dns1! internaldns1! storageaccessgroups:list isedge:boolean domainid:uuid dns2 ip6dns2
declareHostAsDegraded a*@4.16.0.0 id:uuid!
dedicateBgpPeer a*@4.20.0 projectid:uuid id:uuid! domainid:uuid account
dedicateCluster a* clusterid:uuid! account domainid:uuid!
dedicateGuestVlanRange a projectid:uuid vlanrange! domainid:uuid physicalnetworkid:uuid! account
dedicateHost a* hostid:uuid! account domainid:uuid!
dedicateIpv4SubnetForZone a*@4.20.0 projectid:uuid account id:uuid! domainid:uuid
dedicatePod a* domainid:uuid! account podid:uuid!
dedicatePublicIpRange a id:uuid! projectid:uuid domainid:uuid! account
dedicateZone a* account domainid:uuid! zoneid:uuid!
deleteASNRange a@4.20.0 id:uuid!
deleteAccount ad* id:uuid!
deleteAccountFromProject adu*@3.0.0 account! projectid:uuid!
deleteAffinityGroup adu* domainid:uuid name id:uuid projectid:uuid account
deleteAlerts a enddate:date type startdate:date ids:list
deleteAutoScalePolicy adu* id:uuid!
deleteAutoScaleVmGroup adu* cleanup:boolean id:uuid!
deleteAutoScaleVmProfile adu* id:uuid!
deleteBackup adu*@4.14.0 forced:boolean id:uuid!
deleteBackupOffering a@4.14.0 id:uuid!
deleteBackupRepository a@4.20.0 id:uuid!
deleteBackupSchedule adu@4.14.0 virtualmachineid:uuid id:uuid
deleteBaremetalRct a* id:uuid!
deleteBgpPeer a*@4.20.0 id:uuid!
deleteBigSwitchBcfDevice a*@4.6.0 bcfdeviceid:uuid!
deleteBrocadeVcsDevice a* vcsdeviceid:uuid!
deleteBucket adu@4.19.0 id:uuid!
deleteCluster a id:uuid!
deleteCniConfiguration adu@4.21.0 projectid:uuid account id:uuid! domainid:uuid
deleteCondition adu* id:uuid!
deleteCounter a* id:uuid!
deleteCustomAction a@4.21.0 id:uuid
deleteDiskOffering ad id:uuid!
deleteDnsRecord adu*@4.23.0 dnszoneid:uuid! name! type!
deleteDnsServer adu*@4.23.0 id:uuid! cleanup:boolean unmanage:boolean
deleteDnsZone adu*@4.23.0 unmanage:boolean id:uuid!
deleteDomain ad* id:uuid! cleanup:boolean
deleteEgressFirewallRule adu* id:uuid!
deleteEvents adu startdate:date type ids:list enddate:date
deleteExtension a@4.21.0 id:uuid cleanup:boolean
deleteFirewallRule adu* id:uuid!
deleteGlobalLoadBalancerRule adu* id:uuid!
deleteGpuCard a@4.21.0 id:uuid!
deleteGpuDevice a@4.21.0 ids:list!
deleteGuestNetworkIpv6Prefix a*@4.17.0.0 id:uuid!
deleteHSMProfile a@4.23.0 id:uuid!
deleteHost a id:uuid! forced:boolean forcedestroylocalstorage:boolean
deleteImageStore a@4.2.0 id:uuid!
deleteInstanceGroup adu id:uuid!
deleteIpForwardingRule adu* id:uuid!
deleteIpv4SubnetForGuestNetwork a*@4.20.0 id:uuid!
deleteIpv4SubnetForZone a*@4.20.0 id:uuid!
deleteIpv6FirewallRule adu* id:uuid!
deleteIso adu* id:uuid! zoneid:uuid
deleteKMSKey adu*@4.23.0 id:uuid!
deleteKubernetesCluster adu* expunge:boolean cleanup:boolean id:uuid!
deleteKubernetesSupportedVersion a* id:uuid!
deleteLBHealthCheckPolicy adu*@4.2.0 id:uuid!
deleteLBStickinessPolicy adu*@3.0.0 id:uuid!
deleteLdapConfiguration a@4.2.0 hostname id:uuid port:integer domainid:uuid
deleteLoadBalancer adu*@4.2.0 id:uuid!
deleteLoadBalancerRule adu* id:uuid!
deleteManagementNetworkIpRange a*@4.11.0.0 podid:uuid! vlan! startip! endip!
deleteNetscalerControlCenter a id!
deleteNetscalerLoadBalancer a* lbdeviceid:uuid!
deleteNetwork adu* forced:boolean id:uuid!
deleteNetworkACL adu* id:uuid!
deleteNetworkACLList adu* id:uuid!
deleteNetworkDevice a id:uuid!
deleteNetworkOffering a@3.0.0 id:uuid!
deleteNetworkServiceProvider a*@3.0.0 id:uuid!
deleteNiciraNvpDevice a* nvpdeviceid:uuid!
deleteOauthProvider a@4.19.0 id:uuid!
deleteObjectStoragePool a@4.19.0 id:uuid!
deleteOpenDaylightController a* id:uuid!
deleteOsCategory a@4.21.0 id:uuid!
deletePaloAltoFirewall a* fwdeviceid:uuid!
deletePhysicalNetwork a*@3.0.0 id:uuid!
deletePod a id:uuid!
deletePortForwardingRule adu* id:uuid!
deletePortableIpRange a* id:uuid!
deletePrivateGateway adu* id:uuid!
deleteProject adu*@3.0.0 id:uuid! cleanup:boolean
deleteProjectInvitation adu*@3.0.0 id:uuid!
deleteProjectRole adu@4.15.0 projectid:uuid! id:uuid!
deleteProjectRolePermission adu@4.15.0 projectid:uuid! id:uuid!
deleteRemoteAccessVpn adu* publicipid:uuid!
deleteResourceIcon adu@4.16.0.0 resourceids:list! resourcetype!
deleteResourceSchedule adu@4.23.0 resourceid! id:uuid resourcetype! ids:list
deleteRole a@4.9.0 id:uuid!
deleteRolePermission a@4.9.0 id:uuid!
deleteRoutingFirewallRule adu*@4.20.0 id:uuid!
deleteSSHKeyPair adu account projectid:uuid name! domainid:uuid
deleteSecondaryStagingStore a@4.2.0 id:uuid!
deleteSecurityGroup adu projectid:uuid account id:uuid domainid:uuid name
deleteServiceOffering ad id:uuid!
deleteServicePackageOffering a id!
deleteSnapshot adu* id:uuid! zoneid:uuid
deleteSnapshotPolicies adu id:uuid ids:list
deleteSslCert adu id:uuid!
deleteStaticRoute adu* id:uuid!
deleteStorageNetworkIpRange a*@3.0.0 id:uuid!
deleteStoragePool a id:uuid! forced:boolean
deleteStratosphereSsp a hostid:uuid!
deleteTags adu*@4.0.0 resourceids:list! tags:map resourcetype!
deleteTemplate adu* forced:boolean id:uuid! zoneid:uuid issystem:boolean
deleteTrafficMonitor a id:uuid!
deleteTrafficType a*@3.0.0 id:uuid!
deleteUcsManager a ucsmanagerid:uuid!
deleteUser ad id:uuid!
deleteUserData adu@4.18 projectid:uuid account domainid:uuid id:uuid!
deleteUserFromProject adu*@4.15.0 projectid:uuid! userid:uuid!
deleteUserKeys adu*@4.23.0 keypairid:uuid!
deleteVMSchedule adu@4.19.0 ids:list id:uuid virtualmachineid:uuid!
deleteVMSnapshot adu*@4.2.0 vmsnapshotid:uuid!
deleteVPC adu* id:uuid!
deleteVPCOffering a* id:uuid!
deleteVgpuProfile a@4.21.0 id:uuid!
deleteVirtualMachineCheckpoint a@4.23.0 checkpointid! virtualmachineid:uuid!
deleteVlanIpRange a id:uuid!
deleteVnfTemplate adu*@4.19.0 zoneid:uuid forced:boolean id:uuid! issystem:boolean
deleteVolume adu id:uuid!
deleteVpnConnection adu* id:uuid!
deleteVpnCustomerGateway adu* id:uuid!
deleteVpnGateway adu* id:uuid!
deleteWebhook adu@4.20.0 id:uuid!
deleteWebhookDelivery adu@4.20.0 id:uuid webhookid:uuid managementserverid:uuid startdate:date enddate:date
deleteWebhookFilter adu@4.20.0 id:uuid webhookid:uuid
deleteZone a id:uuid!
deployNetscalerVpx a* serviceofferingid:uuid! zoneid:uuid! networkid:uuid templateid:uuid!
deployVirtualMachine adu* podid:uuid nicmultiqueuenumber:integer keypair bootmode hostid:uuid nicnetworklist:map serviceofferingid:uuid! projectid:uuid leaseduration:integer userdata name copyimagetags:boolean blankinstance:boolean macaddress deploymentplanner iptonetworklist:map dynamicscalingenabled:boolean boottype rootdisksize:long affinitygroupids:list iodriverpolicy customid startvm:boolean userdatadetails:map hypervisor datadisksdetails:map externaldetails:map securitygroupnames:list volumeid:uuid userdataid:uuid password properties:map nicpackedvirtqueuesenabled:boolean displayvm:boolean snapshotid:uuid keypairs:list iothreadsenabled:boolean ipaddress group networkids:list clusterid:uuid affinitygroupnames:list templateid:uuid domainid:uuid dhcpoptionsnetworklist:map datadiskofferinglist:map keyboard zoneid:uuid! details:map securitygroupids:list rootdiskkmskeyid:uuid extraconfig size:long bootintosetup:boolean ip6address diskofferingid:uuid overridediskofferingid:uuid leaseexpiryaction displayname account
deployVnfAppliance adu*@4.19.0 bootintosetup:boolean securitygroupids:list iptonetworklist:map boottype keypair extraconfig customid size:long zoneid:uuid! userdataid:uuid volumeid:uuid startvm:boolean keyboard hostid:uuid affinitygroupnames:list deploymentplanner leaseduration:integer vnfcidrlist:list userdatadetails:map nicpackedvirtqueuesenabled:boolean displayname snapshotid:uuid rootdiskkmskeyid:uuid overridediskofferingid:uuid diskofferingid:uuid account properties:map hypervisor details:map nicmultiqueuenumber:integer dynamicscalingenabled:boolean nicnetworklist:map datadisksdetails:map domainid:uuid copyimagetags:boolean bootmode ip6address serviceofferingid:uuid! templateid:uuid rootdisksize:long keypairs:list datadiskofferinglist:map iothreadsenabled:boolean dhcpoptionsnetworklist:map externaldetails:map iodriverpolicy networkids:list displayvm:boolean securitygroupnames:list vnfconfiguremanagement:boolean macaddress leaseexpiryaction ipaddress projectid:uuid name userdata affinitygroupids:list password group
destroyRouter ad* id:uuid!
destroySharedFileSystem adu*@4.20.0 id:uuid forced:boolean expunge:boolean
destroySystemVm a* id:uuid!
destroyVirtualMachine adu* id:uuid! volumeids:list expunge:boolean forced:boolean
destroyVolume adu*@4.14.0 expunge:boolean id:uuid!
detachIso adu* virtualmachineid:uuid! id:uuid forced:boolean
detachVolume adu* virtualmachineid:uuid deviceid:long id:uuid
disableAccount ad* id:uuid domainid:uuid lock:boolean! account
disableAutoScaleVmGroup adu* id:uuid!
disableHAForCluster a*@4.11 clusterid:uuid!
disableHAForHost a*@4.11 hostid:uuid!
disableHAForZone a*@4.11 zoneid:uuid!
disableOutOfBandManagementForCluster a*@4.9.0 clusterid:uuid!
disableOutOfBandManagementForHost a*@4.9.0 hostid:uuid!
disableOutOfBandManagementForZone a*@4.9.0 zoneid:uuid!
disableRole a@4.20.0 id:uuid!
disableStaticNat adu* ipaddressid:uuid!
disableUser ad* id:uuid!
disassociateDnsZoneFromNetwork adu@4.23.0 networkid:uuid!
disassociateIpAddress adu* ipaddress id:uuid
discoverGpuDevices a@4.21.0 page:integer id:uuid! pagesize:integer keyword
downloadImageStoreObject a*@4.19.0 path id:uuid!
downloadValidationScreenshot a*@4.23.0 backupid:uuid!
enableAccount ad id:uuid account domainid:uuid
enableAutoScaleVmGroup adu* id:uuid!
enableHAForCluster a*@4.11 clusterid:uuid!
enableHAForHost a*@4.11 hostid:uuid!
enableHAForZone a*@4.11 zoneid:uuid!
enableOutOfBandManagementForCluster a*@4.9.0 clusterid:uuid!
enableOutOfBandManagementForHost a*@4.9.0 hostid:uuid!
enableOutOfBandManagementForZone a*@4.9.0 zoneid:uuid!
enableRole a@4.20.0 id:uuid!
enableStaticNat adu networkid:uuid vmguestip ipaddressid:uuid! virtualmachineid:uuid!
enableStorageMaintenance a* id:uuid!
enableUser ad id:uuid!
executeClusterDrsPlan a*@4.19.0 id:uuid! migrateto:map
executeWebhookDelivery adu@4.20.0 webhookid:uuid payloadurl secretkey payload id:uuid sslverification:boolean
expungeSharedFileSystem adu*@4.20.0 id:uuid
expungeVirtualMachine adu* id:uuid!
extractIso adu* url mode! id:uuid! zoneid:uuid
extractSnapshot a*@4.20.0 id:uuid! zoneid:uuid!
extractTemplate adu* zoneid:uuid url mode! id:uuid!
extractVolume adu* zoneid:uuid! mode! url id:uuid!
finalizeBackup a*@4.23.0 id:uuid! virtualmachineid:uuid!
finalizeImageTransfer a@4.23.0 id:uuid!
findHostsForMigration a virtualmachineid:uuid! page:integer keyword pagesize:integer
findStoragePoolsForMigration a pagesize:integer id:uuid! keyword page:integer
finishBackupChain a@4.23.0 virtualmachineid:uuid!
generateAlert a*@4.3 description! podid:uuid name! type:short! zoneid:uuid
generateClusterDrsPlan a@4.19.0 migrations:integer id:uuid!
generateUsageRecords a domainid:uuid enddate:date startdate:date
getApiLimit adu
getCloudIdentifier adu userid:uuid!
getDiagnosticsData a*@4.14.0.0 files:list targetid:uuid!
getHypervisorGuestOsNames a*@4.19.0 hypervisor! hypervisorversion! keyword
getKubernetesClusterConfig adu id:uuid
getPathForVolume a volumeid!
getRouterHealthCheckResults a@4.14.0 performfreshchecks:boolean routerid:uuid!
getSolidFireAccountId adu accountid! storageid!
getSolidFireVolumeAccessGroupIds a storageid! clusterid!
getSolidFireVolumeSize adu volumeid!
getUploadParamsForIso adu@4.13 bootable:boolean account isextractable:boolean ispublic:boolean domainid:uuid format! zoneid:uuid! ostypeid:uuid name! displaytext projectid:uuid checksum isfeatured:boolean
getUploadParamsForKubernetesSupportedVersion a checksum account name! checksum projectid:uuid domainid:uuid zoneid:uuid! mincpunumber:integer! format! semanticversion! minmemory:integer!
getUploadParamsForTemplate adu@4.6.0 forcks:boolean projectid:uuid templatetype zoneid:uuid! sshkeyenabled:boolean account isextractable:boolean format! details:map bits:integer isfeatured:boolean checksum ispublic:boolean isdynamicallyscalable:boolean templatetag arch domainid:uuid requireshvm:boolean isrouting:boolean name! passwordenabled:boolean hypervisor! deployasis:boolean displaytext ostypeid:uuid
getUploadParamsForVolume adu@4.6.0 checksum name! domainid:uuid imagestoreuuid diskofferingid:uuid format! zoneid:uuid! projectid:uuid account
getUser a userapikey!
getUserKeys adu@4.10.0 id:uuid!
getVMPassword adu id:uuid!
getVirtualMachineUserData adu@4.4 virtualmachineid:uuid!
getVolumeSnapshotDetails a snapshotid!
getVolumeiScsiName a volumeid!
importBackupOffering a*@4.14.0 allowuserdrivenbackups:boolean! externalid! zoneid:uuid! description! name! domainid:list
importLdapUsers a@4.3.0 pagesize:integer roleid:uuid timezone accounttype:integer domainid:uuid account keyword group page:integer accountdetails:map
importNetworkACL a*@4.22.1 rules:map! aclid:uuid!
importRole a@4.15.0 forced:boolean ispublic:boolean name! type description rules:map!
importUnmanagedInstance a*@4.14.0 templateid:uuid clusterid:uuid! details:map hostname nicnetworklist:map projectid:uuid domainid:uuid name! nicipaddresslist:map migrateallowed:boolean serviceofferingid:uuid! account displayname forced:boolean datadiskofferinglist:map
importVm a*@4.19.0 existingvcenterid:uuid password clusterid:uuid! zoneid:uuid! migrateallowed:boolean networkid:uuid storageid:uuid details:map forceconverttopool:boolean temppath account osid:uuid hypervisor! forced:boolean usevddk:boolean extraparams username displayname importinstancehostid:uuid projectid:uuid host hostip serviceofferingid:uuid! nicipaddresslist:map importsource! clustername hostid:uuid datadiskofferinglist:map convertinstancehostid:uuid nicnetworklist:map datacentername vcenter diskpath name! templateid:uuid convertinstancepoolid:uuid domainid:uuid forcemstoimportvmfiles:boolean hostname
importVolume a*@4.19.1 diskofferingid:uuid domainid:uuid account path! name storageid:uuid! projectid:uuid
isAccountAllowedToCreateOfferingsWithTags ad id:uuid!
issueCertificate a*@4.11.0 csr ipaddress domain duration:integer provider
issueOutOfBandManagementPowerAction a*@4.9.0 action! hostid:uuid! timeout:long
ldapConfig a@3.0.0 listall:boolean queryfilter bindpass binddn truststore truststorepass port:integer ssl:boolean searchbase hostname
ldapCreateAccount a@4.2.0 accountdetails:map roleid:uuid accounttype:integer accountid domainid:uuid networkdomain username! account userid timezone
ldapRemove a@3.0.1
linkAccountToLdap ad@4.11.0 accounttype:integer admin type roleid:uuid ldapdomain! account! domainid:uuid!
linkDomainToLdap a@4.6.0 admin accounttype:integer! ldapdomain! type! domainid:uuid!
linkUserDataToTemplate adu@4.18.0 templateid:uuid isoid:uuid userdatapolicy userdataid:uuid
listASNRanges a@4.20.0 keyword zoneid:uuid pagesize:integer page:integer
listASNumbers adu@4.20.0 pagesize:integer account domainid:uuid asnumber:integer zoneid:uuid keyword asnrangeid:uuid page:integer isallocated:boolean vpcid:uuid networkid:uuid
listAccounts adu showicon:boolean name keyword page:integer id:uuid domainid:uuid pagesize:integer state isrecursive:boolean listall:boolean details:list tag apikeyaccess iscleanuprequired:boolean accounttype:integer
listAffectedVmsForStorageScopeChange a@4.19.1 pagesize:integer clusterid:uuid! keyword page:integer storageid:uuid!
listAffinityGroupTypes adu keyword pagesize:integer page:integer
listAffinityGroups adu isrecursive:boolean pagesize:integer account id:uuid projectid:uuid type domainid:uuid keyword name page:integer listall:boolean virtualmachineid:uuid
listAlertTypes a
listAlerts a type keyword id:uuid pagesize:integer name page:integer
listAnnotations adu@4.11 entitytype page:integer id keyword entityid annotationfilter userid pagesize:integer
listApis adu@4.1.0 name
listAsyncJobs adu domainid:uuid listall:boolean startdate:date managementserverid:uuid page:integer account resourceid resourcetype keyword isrecursive:boolean pagesize:integer
listAutoScalePolicies adu account conditionid:uuid vmgroupid:uuid page:integer domainid:uuid keyword action id:uuid projectid:uuid listall:boolean pagesize:integer isrecursive:boolean name
listAutoScaleVmGroups adu id:uuid projectid:uuid page:integer listall:boolean lbruleid:uuid account fordisplay:boolean name isrecursive:boolean pagesize:integer policyid:uuid zoneid:uuid vmprofileid:uuid domainid:uuid keyword
listAutoScaleVmProfiles adu keyword account otherdeployparams serviceofferingid:uuid isrecursive:boolean page:integer listall:boolean projectid:uuid templateid:uuid zoneid:uuid id:uuid domainid:uuid fordisplay:boolean pagesize:integer
listBackupOfferings adu@4.14.0 domainid:uuid listall:boolean keyword account page:integer isrecursive:boolean pagesize:integer zoneid:uuid id:uuid
listBackupProviderOfferings a@4.14.0 keyword account isrecursive:boolean domainid:uuid pagesize:integer zoneid:uuid! page:integer listall:boolean
listBackupProviders a@4.14.0 name
listBackupRepositories a@4.20.0 pagesize:integer provider page:integer id:uuid zoneid:uuid keyword name
listBackupSchedule adu@4.14.0 account listall:boolean isrecursive:boolean projectid:uuid page:integer domainid:uuid id:uuid pagesize:integer keyword virtualmachineid:uuid
listBackupServiceJobs a@4.23.0 executing:boolean page:integer keyword id:long backupid:uuid scheduled:boolean hostid:uuid zoneid:uuid type pagesize:integer
listBackups adu@4.14.0 domainid:uuid status name backupofferingid:uuid virtualmachineid:uuid projectid:uuid listall:boolean zoneid:uuid page:integer isrecursive:boolean id:uuid keyword listvmdetails:boolean account pagesize:integer
listBaremetalDhcp a physicalnetworkid:uuid! dhcpservertype keyword page:integer pagesize:integer id:long
listBaremetalPxeServers a page:integer physicalnetworkid:uuid! pagesize:integer id:long keyword
listBaremetalRct a pagesize:integer keyword page:integer
listBgpPeers a@4.20.0 account keyword domainid:uuid pagesize:integer zoneid:uuid page:integer projectid:uuid id:uuid asnumber:long isdedicated:boolean
listBigSwitchBcfDevices a@4.6.0 physicalnetworkid:uuid page:integer pagesize:integer bcfdeviceid:uuid keyword
listBrocadeVcsDeviceNetworks a pagesize:integer page:integer vcsdeviceid:uuid! keyword
listBrocadeVcsDevices a vcsdeviceid:uuid pagesize:integer keyword physicalnetworkid:uuid page:integer
listBuckets adu@4.19.0 pagesize:integer account page:integer name isrecursive:boolean projectid:uuid listall:boolean objectstorageid:uuid keyword id:uuid ids:list tags:map domainid:uuid
listCAProviders a@4.11.0 name
listCaCertificate adu@4.11.0 provider
listCapabilities adu domainid:uuid
listCapacity a sortby podid:uuid page:integer pagesize:integer fetchlatest:boolean keyword clusterid:uuid zoneid:uuid tag type:integer
listClusterDrsPlan a@4.19.0 pagesize:integer page:integer id:uuid clusterid:uuid keyword
listClusters a arch podid:uuid clustertype name storageaccessgroup managedstate pagesize:integer id:uuid keyword allocationstate showcapacities:boolean zoneid:uuid page:integer hypervisor
listClustersMetrics a@4.9.3 id:uuid keyword hypervisor zoneid:uuid allocationstate page:integer showcapacities:boolean pagesize:integer name storageaccessgroup podid:uuid arch clustertype managedstate
listCniConfiguration adu@4.21.0 isrecursive:boolean page:integer domainid:uuid account listall:boolean projectid:uuid pagesize:integer id:uuid keyword name
listConditions adu page:integer domainid:uuid projectid:uuid id:uuid counterid:uuid pagesize:integer keyword listall:boolean account policyid:uuid isrecursive:boolean
listConfigurationGroups a@4.18.0 keyword page:integer pagesize:integer group
listConfigurations ad pagesize:integer accountid:uuid page:integer imagestoreuuid:uuid category group clusterid:uuid parent storageid:uuid keyword subgroup zoneid:uuid managementserverid:uuid name domainid:uuid
listConsoleSessions adu@4.21.0 keyword userid:uuid page:integer accountid:uuid hostid:uuid clientaddress virtualmachineid:uuid isrecursive:boolean pagesize:integer enddate:date activeonly:boolean consoleendpointcreatoraddress id:uuid acquired:boolean startdate:date domainid:uuid
listCounters adu id:uuid provider page:integer keyword name pagesize:integer source
listCustomActions adu@4.21.0 keyword enabled:boolean name resourcetype extensionid:uuid resourceid id:uuid page:integer pagesize:integer
listDbMetrics a@4.17.0
listDedicatedClusters a affinitygroupid:uuid pagesize:integer account clusterid:uuid page:integer domainid:uuid keyword
listDedicatedGuestVlanRanges a pagesize:integer projectid:uuid domainid:uuid keyword id:uuid physicalnetworkid:uuid account page:integer zoneid:uuid guestvlanrange
listDedicatedHosts a pagesize:integer domainid:uuid affinitygroupid:uuid keyword account page:integer hostid:uuid
listDedicatedPods a pagesize:integer account podid:uuid affinitygroupid:uuid page:integer domainid:uuid keyword
listDedicatedZones a page:integer domainid:uuid keyword affinitygroupid:uuid pagesize:integer account zoneid:uuid
listDeploymentPlanners a keyword pagesize:integer page:integer
listDetailOptions adu@4.13 resourceid resourcetype!
listDiskOfferings adu isrecursive:boolean volumeid:uuid virtualmachineid:uuid account listall:boolean name pagesize:integer projectid:uuid page:integer domainid:uuid state storageid:uuid encrypt:boolean keyword storagetype zoneid:uuid id:uuid
listDnsProviders adu@4.23.0 page:integer pagesize:integer keyword
listDnsRecords adu@4.23.0 dnszoneid:uuid! keyword pagesize:integer page:integer
listDnsServers adu@4.23.0 domainid:uuid id:uuid page:integer providertype isrecursive:boolean listall:boolean account keyword pagesize:integer
listDnsZones adu@4.23.0 page:integer keyword id:uuid name pagesize:integer dnsserverid:uuid
listDomainChildren ad page:integer isrecursive:boolean showicon:boolean id:uuid name listall:boolean pagesize:integer keyword
listDomains ad isrecursive:boolean keyword domainid:uuid page:integer listall:boolean listall:boolean account details:list tag pagesize:integer id:uuid showicon:boolean tags:map projectid:uuid name level:integer
listEgressFirewallRules adu keyword domainid:uuid pagesize:integer account fordisplay:boolean isrecursive:boolean projectid:uuid tags:map id:uuid listall:boolean networkid:uuid ipaddressid:uuid page:integer
listElastistorInterface a controllerid
listElastistorPool a id:long
listElastistorVolume a id!
listEventTypes adu
listEvents adu keyword type resourcetype entrytime:integer duration:integer archived:boolean pagesize:integer listall:boolean level id:uuid startid:uuid startdate:date resourceid domainid:uuid account page:integer state projectid:uuid isrecursive:boolean enddate:date
listExtensions a@4.21.0 details:list type id:uuid keyword page:integer name pagesize:integer
listFirewallRules adu ipaddressid:uuid isrecursive:boolean listall:boolean projectid:uuid pagesize:integer domainid:uuid id:uuid page:integer tags:map account keyword fordisplay:boolean networkid:uuid
listGlobalLoadBalancerRules adu isrecursive:boolean keyword projectid:uuid regionid:integer account pagesize:integer domainid:uuid tags:map listall:boolean page:integer id:uuid
listGpuCards a@4.21.0 pagesize:integer devicename id:uuid vendorid vendorname activeonly:boolean page:integer deviceid keyword
listGpuDevices adu@4.21.0 gpucardid:uuid page:integer virtualmachineid:uuid pagesize:integer keyword id:uuid hostid:uuid vgpuprofileid:uuid
listGuestNetworkIpv6Prefixes a@4.17.0 page:integer pagesize:integer keyword id:uuid zoneid:uuid
listGuestOsMapping a@4.4.0 pagesize:integer page:integer ostypeid:uuid id:uuid keyword hypervisor osnameforhypervisor osdisplayname hypervisorversion
listGuestVlans a@4.17.0 pagesize:integer page:integer physicalnetworkid:uuid zoneid:uuid vnet allocatedonly:boolean id:long keyword
listGuiThemes adu@4.21.0.0 listonlydefaulttheme:boolean showremoved:boolean accountid:uuid commonname showpublic:boolean keyword listall:boolean domainid:uuid name page:integer id:uuid pagesize:integer
listHSMProfiles adu@4.23.0 listall:boolean ispublic:boolean keyword enabled:boolean domainid:uuid projectid:uuid protocol pagesize:integer zoneid:uuid isrecursive:boolean id:uuid account page:integer
listHostHAProviders a@4.11 hypervisor!
listHostHAResources a@4.11 hostid:uuid
listHostTags ad page:integer pagesize:integer keyword
listHosts a podid:uuid keyword outofbandmanagementenabled:boolean hypervisor zoneid:uuid state storageaccessgroup page:integer clusterid:uuid name id:uuid version pagesize:integer virtualmachineid:uuid resourcestate managementserverid:uuid outofbandmanagementpowerstate arch details:list hahost:boolean type
listHostsMetrics a@4.9.3 id:uuid name storageaccessgroup outofbandmanagementpowerstate type page:integer virtualmachineid:uuid resourcestate hahost:boolean outofbandmanagementenabled:boolean podid:uuid keyword arch zoneid:uuid clusterid:uuid state pagesize:integer managementserverid:uuid details:list hypervisor version
listHypervisorCapabilities a@3.0.0 pagesize:integer keyword page:integer id:uuid hypervisor
listHypervisors adu zoneid:uuid
listImageStoreObjects a@4.19.0 keyword page:integer pagesize:integer id:uuid! path
listImageStores a@4.2.0 name keyword pagesize:integer provider readonly:boolean protocol id:uuid zoneid:uuid page:integer
listImageTransfers a@4.23.0 pagesize:integer backupid:uuid page:integer keyword id:uuid
listImportVmTasks a@4.22 accountid:uuid convertinstancehostid:uuid keyword vcenter tasksfilter pagesize:integer page:integer zoneid:uuid!
listInfrastructure a@4.9.3
listInstanceGroups adu account domainid:uuid name projectid:uuid page:integer listall:boolean isrecursive:boolean id:uuid keyword pagesize:integer
listInternalLoadBalancerElements ad@4.2.0 page:integer keyword pagesize:integer enabled:boolean nspid:uuid id:uuid
listInternalLoadBalancerVMs a vpcid:uuid name podid:uuid account page:integer fetchhealthcheckresults:boolean state isrecursive:boolean pagesize:integer listall:boolean domainid:uuid projectid:uuid hostid:uuid zoneid:uuid forvpc:boolean keyword networkid:uuid id:uuid
listIpForwardingRules adu isrecursive:boolean ipaddressid:uuid domainid:uuid page:integer pagesize:integer listall:boolean projectid:uuid virtualmachineid:uuid id:uuid keyword account
listIpv4SubnetsForGuestNetwork a@4.20.0 pagesize:integer vpcid:uuid subnet keyword zoneid:uuid id:uuid networkid:uuid page:integer parentid:uuid
listIpv4SubnetsForZone a@4.20.0 projectid:uuid keyword zoneid:uuid page:integer pagesize:integer domainid:uuid account subnet id:uuid
listIpv6FirewallRules adu tags:map id:uuid account page:integer fordisplay:boolean domainid:uuid keyword networkid:uuid projectid:uuid isrecursive:boolean listall:boolean traffictype pagesize:integer
listIsoPermissions adu id:uuid!
listIsos adu page:integer listall:boolean bootable:boolean projectid:uuid imagestoreid:uuid showremoved:boolean pagesize:integer isready:boolean name ispublic:boolean isrecursive:boolean tags:map isofilter oscategoryid:uuid storageid:uuid hypervisor showicon:boolean account zoneid:uuid domainid:uuid keyword arch id:uuid showunique:boolean
listKMSKeys adu@4.23.0 zoneid:uuid hsmprofileid:uuid listall:boolean domainid:uuid projectid:uuid page:integer id:uuid account pagesize:integer enabled:boolean isrecursive:boolean keyword
listKubernetesClusters adu state name pagesize:integer clustertype isrecursive:boolean listall:boolean domainid:uuid projectid:uuid page:integer account id:uuid keyword
listKubernetesSupportedVersions adu minimumkubernetesversionid:uuid page:integer minimumsemanticversion zoneid:uuid keyword id:uuid pagesize:integer arch
listLBHealthCheckPolicies adu@4.2.0 pagesize:integer lbruleid:uuid page:integer id:uuid keyword fordisplay:boolean
listLBStickinessPolicies adu@3.0.0 keyword id:uuid fordisplay:boolean pagesize:integer page:integer lbruleid:uuid
listLdapConfigurations adu@4.2.0 port:integer hostname domainid:uuid listall:boolean page:integer keyword id:uuid pagesize:integer
listLdapUsers ad@4.2.0 userfilter pagesize:integer keyword page:integer listtype domainid:uuid
listLoadBalancerRuleInstances adu pagesize:integer applied:boolean page:integer id:uuid! keyword lbvmips:boolean
listLoadBalancerRules adu virtualmachineid:uuid tags:map domainid:uuid networkid:uuid fordisplay:boolean keyword id:uuid projectid:uuid listall:boolean page:integer name account publicipid:uuid pagesize:integer zoneid:uuid isrecursive:boolean
listLoadBalancers adu@4.2.0 domainid:uuid projectid:uuid keyword listall:boolean name id:uuid isrecursive:boolean sourceipaddressnetworkid:uuid networkid:uuid fordisplay:boolean sourceipaddress page:integer scheme account tags:map pagesize:integer
listManagementServers a name keyword pagesize:integer peers:boolean version id:uuid page:integer
listManagementServersMetrics a@4.17.0 peers:boolean name id:uuid pagesize:integer page:integer version system:boolean keyword
listNetscalerControlCenter a pagesize:integer page:integer keyword
listNetscalerLoadBalancerNetworks a lbdeviceid:uuid! keyword page:integer pagesize:integer
listNetscalerLoadBalancers a keyword page:integer pagesize:integer physicalnetworkid:uuid lbdeviceid:uuid
listNetworkACLLists adu account isrecursive:boolean vpcid:uuid listall:boolean keyword networkid:uuid domainid:uuid page:integer fordisplay:boolean pagesize:integer name id:uuid projectid:uuid
listNetworkACLs adu pagesize:integer tags:map aclid:uuid listall:boolean projectid:uuid domainid:uuid protocol keyword isrecursive:boolean action page:integer id:uuid fordisplay:boolean traffictype account networkid:uuid
listNetworkDevice a networkdeviceparameterlist:map pagesize:integer networkdevicetype page:integer keyword
listNetworkIsolationMethods a@4.2.0 page:integer keyword pagesize:integer
listNetworkOfferings adu traffictype zoneid:uuid forvpc:boolean keyword sourcenatsupported:boolean domainid:uuid routingmode availability istagged:boolean id:uuid specifyvlan:boolean specifyipranges:boolean pagesize:integer guestiptype networkid:uuid displaytext isdefault:boolean page:integer supportedservices:list tags name state
listNetworkPermissions adu@4.17.0 networkid:uuid!
listNetworkProtocols adu@4.19.0 option!
listNetworkServiceProviders a@3.0.0 name keyword state pagesize:integer physicalnetworkid:uuid page:integer
listNetworks adu pagesize:integer networkofferingid:uuid supportedservices:list page:integer associatednetworkid:uuid physicalnetworkid:uuid traffictype networkfilter issystem:boolean name listall:boolean id:uuid account forvpc:boolean tags:map acltype canusefordeploy:boolean type vlan restartrequired:boolean domainid:uuid zoneid:uuid retrieveonlyresourcecount:boolean projectid:uuid displaynetwork:boolean specifyipranges:boolean vpcid:uuid isrecursive:boolean keyword showicon:boolean
listNiciraNvpDeviceNetworks a nvpdeviceid:uuid! keyword page:integer pagesize:integer
listNiciraNvpDevices a keyword pagesize:integer nvpdeviceid:uuid page:integer physicalnetworkid:uuid
listNics adu fordisplay:boolean virtualmachineid:uuid! page:integer nicid:uuid networkid:uuid pagesize:integer keyword
listOauthProvider adu@4.19.0 page:integer provider pagesize:integer id:uuid keyword domain domainid:uuid
listObjectStoragePools adu@4.19.0 pagesize:integer keyword name provider id:uuid page:integer
listOpenDaylightControllers a id:uuid physicalnetworkid:uuid
listOsCategories adu keyword zoneid:uuid arch isvnf:boolean id:uuid isfeatured:boolean page:integer showicon:boolean isiso:boolean name pagesize:integer
listOsTypes adu keyword oscategoryid:uuid description id:uuid pagesize:integer fordisplay:boolean ids:list page:integer
listOvsElements ad pagesize:integer enabled:boolean nspid:uuid keyword id:uuid page:integer
listPaloAltoFirewallNetworks a keyword lbdeviceid:uuid! page:integer pagesize:integer
listPaloAltoFirewalls a keyword pagesize:integer page:integer physicalnetworkid:uuid fwdeviceid:uuid
listPhysicalNetworks a@3.0.0 pagesize:integer zoneid:uuid keyword name id:uuid page:integer
listPods a id:uuid page:integer pagesize:integer showcapacities:boolean storageaccessgroup name zoneid:uuid keyword allocationstate
listPortForwardingRules adu projectid:uuid id:uuid keyword isrecursive:boolean ipaddressid:uuid networkid:uuid domainid:uuid page:integer account listall:boolean fordisplay:boolean tags:map pagesize:integer
listPortableIpRanges a id:uuid pagesize:integer page:integer regionid:integer keyword
listPrivateGateways adu ipaddress isrecursive:boolean keyword listall:boolean pagesize:integer state vpcid:uuid domainid:uuid page:integer id:uuid vlan projectid:uuid account
listProjectAccounts adu@3.0.0 pagesize:integer userid:uuid role keyword page:integer projectid:uuid! account projectroleid:uuid
listProjectInvitations adu@3.0.0 activeonly:boolean projectid:uuid keyword id:uuid isrecursive:boolean account listall:boolean state domainid:uuid page:integer userid:uuid pagesize:integer
listProjectRolePermissions adu@4.15.0 projectid:uuid! projectroleid:uuid
listProjectRoles adu@4.15.0 projectid:uuid! name pagesize:integer page:integer projectroleid:uuid keyword
listProjects adu@3.0.0 isrecursive:boolean domainid:uuid page:integer showicon:boolean state account id:uuid listall:boolean displaytext tags:map username details:list keyword name pagesize:integer
listPublicIpAddresses adu tags:map isrecursive:boolean forprovider:boolean projectid:uuid vpcid:uuid ipaddress issourcenat:boolean keyword forvirtualnetwork:boolean networkid:uuid listall:boolean pagesize:integer isstaticnat:boolean retrieveonlyresourcecount:boolean forloadbalancing:boolean account state domainid:uuid vlanid:uuid forsystemvms:boolean zoneid:uuid page:integer allocatedonly:boolean associatednetworkid:uuid fordisplay:boolean physicalnetworkid:uuid id:uuid
listQuarantinedIps ad@4.19 pagesize:integer showinactive:boolean keyword showremoved:boolean page:integer
listRegions adu keyword id:integer page:integer pagesize:integer name
listRegisteredServicePackages a page:integer keyword pagesize:integer
listRemoteAccessVpns adu domainid:uuid account networkid:uuid pagesize:integer isrecursive:boolean projectid:uuid id:uuid listall:boolean keyword page:integer fordisplay:boolean publicipid:uuid
listResourceDetails adu@4.2 projectid:uuid domainid:uuid pagesize:integer isrecursive:boolean value resourceid account key page:integer fordisplay:boolean keyword listall:boolean resourcetype!
listResourceIcon adu@4.16.0.0 resourceids:list! resourcetype!
listResourceLimits adu id:long page:integer account domainid:uuid resourcetypename isrecursive:boolean projectid:uuid keyword pagesize:integer tag listall:boolean resourcetype:integer
listResourceSchedule adu@4.23.0 action pagesize:integer resourcetype! id:uuid keyword page:integer enabled:boolean ids:list resourceid!
listRolePermissions a@4.9.0 roleid:uuid
listRoles ad@4.9.0 keyword pagesize:integer page:integer name state type id:uuid
listRouters ad id:uuid fetchhealthcheckresults:boolean page:integer keyword vpcid:uuid listall:boolean pagesize:integer forvpc:boolean projectid:uuid podid:uuid healthchecksfailed:boolean name zoneid:uuid clusterid:uuid isrecursive:boolean version arch state domainid:uuid networkid:uuid account hostid:uuid
listRoutingFirewallRules adu@4.20.0 fordisplay:boolean projectid:uuid domainid:uuid traffictype page:integer isrecursive:boolean id:uuid keyword tags:map networkid:uuid account pagesize:integer listall:boolean
listSSHKeyPairs adu name fingerprint id:uuid isrecursive:boolean listall:boolean projectid:uuid account page:integer domainid:uuid keyword pagesize:integer
listSecondaryStagingStores a@4.2.0 pagesize:integer name protocol zoneid:uuid keyword provider page:integer id:uuid
listSecondaryStorageSelectors a@4.19.0 showremoved:boolean pagesize:integer keyword zoneid:uuid! type page:integer
listSecurityGroups adu projectid:uuid id:uuid virtualmachineid:uuid pagesize:integer securitygroupname listall:boolean tags:map page:integer domainid:uuid keyword isrecursive:boolean account
listServiceOfferings adu gpuenabled:boolean domainid:uuid state id:uuid pagesize:integer account name isrecursive:boolean storagetype zoneid:uuid page:integer virtualmachineid:uuid memory:integer encryptroot:boolean listall:boolean systemvmtype vgpuprofileid:uuid cpunumber:integer keyword projectid:uuid templateid:uuid issystem:boolean cpuspeed:integer
listSharedFileSystemProviders adu@4.20.0 page:integer pagesize:integer keyword
listSharedFileSystems adu@4.20.0 diskofferingid:uuid projectid:uuid keyword isrecursive:boolean networkid:uuid pagesize:integer domainid:uuid id:uuid retrieveonlyresourcecount:boolean tags:map serviceofferingid:uuid account listall:boolean name zoneid:uuid page:integer
listSimulatorHAStateTransitions a@4.11 page:integer hostid:uuid! pagesize:integer keyword
listSnapshotPolicies adu isrecursive:boolean projectid:uuid domainid:uuid id:uuid listall:boolean pagesize:integer volumeid:uuid keyword page:integer account fordisplay:boolean
listSnapshots adu name storageid:uuid intervaltype id:uuid zoneid:uuid isrecursive:boolean tags:map ids:list snapshottype keyword showunique:boolean volumeid:uuid projectid:uuid page:integer pagesize:integer listall:boolean domainid:uuid imagestoreid:uuid account locationtype
listSslCerts adu lbruleid:uuid accountid:uuid projectid:uuid certid:uuid
listStaticRoutes adu keyword account vpcid:uuid listall:boolean projectid:uuid gatewayid:uuid domainid:uuid isrecursive:boolean pagesize:integer id:uuid tags:map state page:integer
listStorageAccessGroups a@4.21.0 pagesize:integer name page:integer keyword
listStorageNetworkIpRange a@3.0.0 id:uuid podid:uuid page:integer pagesize:integer zoneid:uuid keyword
listStoragePoolObjects a@4.19.0 path page:integer keyword id:uuid! pagesize:integer
listStoragePools a pagesize:integer storageaccessgroup podid:uuid page:integer keyword id:uuid name status zoneid:uuid clusterid:uuid path scope hostid:uuid storagecustomstats:boolean ipaddress
listStoragePoolsMetrics a@4.9.3 podid:uuid name pagesize:integer zoneid:uuid id:uuid ipaddress hostid:uuid storageaccessgroup keyword status clusterid:uuid page:integer storagecustomstats:boolean path scope
listStorageProviders a pagesize:integer page:integer keyword type!
listStorageTags ad page:integer keyword pagesize:integer
listSupportedNetworkServices a@3.0.0 page:integer keyword pagesize:integer service provider
listSwifts a@3.0.0 keyword pagesize:integer page:integer id:long
listSystemVms a podid:uuid name state storageid:uuid pagesize:integer systemvmtype id:uuid arch hostid:uuid keyword page:integer zoneid:uuid
listSystemVmsUsageHistory a@4.18.0 pagesize:integer name enddate:date startdate:date page:integer keyword id:uuid ids:list
listTags adu@4.0.0 domainid:uuid keyword customer listall:boolean resourcetype resourceid isrecursive:boolean value account projectid:uuid page:integer pagesize:integer key
listTemplateDirectDownloadCertificates a@4.17.0 listhosts:boolean keyword zoneid:uuid id:uuid pagesize:integer page:integer
listTemplatePermissions adu id:uuid!
listTemplates adu tags:map zoneid:uuid imagestoreid:uuid templatefilter! parenttemplateid:uuid keyword extensionid:uuid name arch listall:boolean showremoved:boolean forcks:boolean storageid:uuid id:uuid ids:list oscategoryid:uuid account isvnf:boolean domainid:uuid isrecursive:boolean pagesize:integer projectid:uuid showicon:boolean page:integer showunique:boolean templatetype hypervisor details:list isready:boolean
listTrafficMonitors a page:integer pagesize:integer zoneid:uuid! keyword
listTrafficTypeImplementors a@3.0.0 pagesize:integer keyword traffictype page:integer
listTrafficTypes a@3.0.0 physicalnetworkid:uuid! page:integer keyword pagesize:integer
listUcsBlades a keyword pagesize:integer page:integer ucsmanagerid:uuid!
listUcsManagers a pagesize:integer id:uuid keyword page:integer zoneid:uuid
listUcsProfiles a ucsmanagerid:uuid! keyword pagesize:integer page:integer
listUnmanagedInstances a@4.14.0 page:integer clusterid:uuid! keyword pagesize:integer name
listUsageRecords ad oldformat:boolean account includetags:boolean keyword usageid projectid:uuid accountid:uuid pagesize:integer startdate:date! enddate:date! domainid:uuid page:integer isrecursive:boolean type:long
listUsageServerMetrics a@4.17.0
listUsageTypes a
listUserData adu@4.18 id:uuid keyword account page:integer isrecursive:boolean name pagesize:integer listall:boolean domainid:uuid projectid:uuid
listUserKeyRules adu@4.23.0 keypairid:uuid!
listUserKeys adu@4.23.0 listall:boolean page:integer apikeyfilter keypairid:uuid pagesize:integer showpermissions:boolean keyword userid:uuid
listUserTwoFactorAuthenticatorProviders adu@4.18.0 name
listUsers adu isrecursive:boolean accounttype:integer page:integer pagesize:integer apikeyaccess account id:uuid username keyword showicon:boolean state usersource listall:boolean domainid:uuid
listVMSchedule adu@4.19.0 enabled:boolean action virtualmachineid:uuid! id:uuid keyword pagesize:integer page:integer
listVMSnapshot adu@4.2.0 account keyword page:integer listall:boolean tags:map vmsnapshotid:uuid name state domainid:uuid pagesize:integer vmsnapshotids:list isrecursive:boolean projectid:uuid virtualmachineid:uuid
listVPCOfferings adu id:uuid domainid:uuid zoneid:uuid name isdefault:boolean keyword pagesize:integer state displaytext supportedservices:list page:integer
listVPCs adu tags:map domainid:uuid name cidr account pagesize:integer supportedservices:list projectid:uuid isrecursive:boolean state vpcofferingid:uuid fordisplay:boolean displaytext showicon:boolean listall:boolean page:integer keyword restartrequired:boolean id:uuid zoneid:uuid
listVgpuProfiles a@4.21.0 pagesize:integer page:integer keyword activeonly:boolean gpucardid:uuid id:uuid name
listVirtualMachineCheckpoints a@4.23.0 virtualmachineid:uuid! pagesize:integer page:integer keyword
listVirtualMachines adu retrieveonlyresourcecount:boolean clusterid:uuid userid:uuid accumulate:boolean forvirtualnetwork:boolean isoid:uuid page:integer extensionid:uuid tags:map isrecursive:boolean securitygroupid:uuid showicon:boolean storageid:uuid userdataid:uuid isvnf:boolean domainid:uuid details:list haenable:boolean name keypair ids:list account arch userdata:boolean projectid:uuid affinitygroupid:uuid serviceofferingid:uuid state templateid:uuid networkid:uuid hostid:uuid gpuenabled:boolean groupid:uuid keyword backupofferingid:uuid displayvm:boolean podid:uuid listall:boolean pagesize:integer id:uuid leased:boolean vpcid:uuid zoneid:uuid hypervisor autoscalevmgroupid:uuid
listVirtualMachinesMetrics adu haenable:boolean userdata:boolean arch hostid:uuid clusterid:uuid retrieveonlyresourcecount:boolean listall:boolean domainid:uuid pagesize:integer vpcid:uuid accumulate:boolean extensionid:uuid isrecursive:boolean securitygroupid:uuid tags:map forvirtualnetwork:boolean storageid:uuid id:uuid zoneid:uuid userdataid:uuid displayvm:boolean projectid:uuid affinitygroupid:uuid details:list gpuenabled:boolean ids:list isoid:uuid name keypair account showicon:boolean userid:uuid isvnf:boolean leased:boolean templateid:uuid backupofferingid:uuid serviceofferingid:uuid autoscalevmgroupid:uuid state podid:uuid keyword hypervisor groupid:uuid page:integer networkid:uuid
listVirtualMachinesUsageHistory adu@4.17 keyword name enddate:date startdate:date id:uuid ids:list pagesize:integer page:integer
listVirtualRouterElements ad id:uuid page:integer keyword enabled:boolean nspid:uuid pagesize:integer
listVlanIpRanges a page:integer pagesize:integer forvirtualnetwork:boolean account keyword physicalnetworkid:uuid id:uuid podid:uuid zoneid:uuid domainid:uuid vlan projectid:uuid networkid:uuid
listVmsForImport a@4.19.0 page:integer zoneid:uuid! keyword password host! hypervisor! username pagesize:integer
listVnfAppliances adu@4.19.1 name account projectid:uuid displayvm:boolean arch isoid:uuid leased:boolean affinitygroupid:uuid serviceofferingid:uuid groupid:uuid securitygroupid:uuid userid:uuid networkid:uuid templateid:uuid accumulate:boolean showicon:boolean keyword backupofferingid:uuid page:integer extensionid:uuid userdata:boolean retrieveonlyresourcecount:boolean listall:boolean isvnf:boolean hypervisor autoscalevmgroupid:uuid details:list userdataid:uuid gpuenabled:boolean isrecursive:boolean forvirtualnetwork:boolean zoneid:uuid haenable:boolean domainid:uuid ids:list id:uuid tags:map pagesize:integer vpcid:uuid state keypair
listVnfTemplates adu@4.19.0 showunique:boolean listall:boolean name showremoved:boolean isready:boolean showicon:boolean keyword isrecursive:boolean projectid:uuid ids:list pagesize:integer page:integer id:uuid templatefilter! zoneid:uuid forcks:boolean templatetype extensionid:uuid domainid:uuid arch account parenttemplateid:uuid isvnf:boolean details:list tags:map hypervisor oscategoryid:uuid
listVolumes adu clusterid:uuid account diskofferingid:uuid page:integer displayvolume:boolean name tags:map serviceofferingid:uuid virtualmachineid:uuid isencrypted:boolean isrecursive:boolean ids:list listsystemvms:boolean hostid:uuid state projectid:uuid id:uuid keyword storageid kmskeyid:uuid retrieveonlyresourcecount:boolean zoneid:uuid pagesize:integer domainid:uuid listall:boolean type podid:uuid
listVolumesForImport a@4.19.1 keyword storageid:uuid! pagesize:integer page:integer path
listVolumesMetrics adu@4.9.3 domainid:uuid type serviceofferingid:uuid listall:boolean account storageid virtualmachineid:uuid id:uuid isencrypted:boolean tags:map state name clusterid:uuid displayvolume:boolean projectid:uuid diskofferingid:uuid keyword isrecursive:boolean listsystemvms:boolean hostid:uuid ids:list retrieveonlyresourcecount:boolean podid:uuid zoneid:uuid page:integer pagesize:integer kmskeyid:uuid
listVolumesUsageHistory adu@4.18.0 ids:list pagesize:integer page:integer keyword id:uuid enddate:date name startdate:date
listVpnConnections adu listall:boolean domainid:uuid page:integer pagesize:integer fordisplay:boolean isrecursive:boolean vpcid:uuid projectid:uuid keyword account id:uuid
listVpnCustomerGateways adu account pagesize:integer page:integer keyword domainid:uuid projectid:uuid id:uuid listall:boolean isrecursive:boolean
listVpnGateways adu listall:boolean pagesize:integer vpcid:uuid isrecursive:boolean account projectid:uuid page:integer keyword fordisplay:boolean id:uuid domainid:uuid
listVpnUsers adu username listall:boolean keyword id:uuid pagesize:integer page:integer domainid:uuid projectid:uuid account isrecursive:boolean
listWebhookDeliveries adu@4.20.0 page:integer pagesize:integer keyword enddate:date webhookid:uuid id:uuid managementserverid:uuid eventtype startdate:date
listWebhookFilters adu@4.23.0 webhookid:uuid keyword id:uuid page:integer pagesize:integer
listWebhooks adu@4.20.0 projectid:uuid name domainid:uuid page:integer pagesize:integer isrecursive:boolean scope account listall:boolean state keyword id:uuid
listZones adu networktype available:boolean domainid:uuid showcapacities:boolean id:uuid showicon:boolean name keyword storageaccessgroup ids:list tags:map pagesize:integer page:integer
listZonesMetrics a@4.9.3 tags:map name available:boolean showicon:boolean keyword id:uuid networktype domainid:uuid showcapacities:boolean ids:list page:integer pagesize:integer storageaccessgroup
lockAccount ad account! domainid:uuid!
lockUser ad id:uuid!
login a domainId:long domain password! username!
logout a
manageGpuDevice a@4.21.0 ids:list!
markDefaultZoneForAccount a*@4.0 account! domainid:uuid! zoneid:uuid!
migrateNetwork a*@4.11.0 networkofferingid:uuid! resume:boolean networkid:uuid!
migrateResourceToAnotherSecondaryStorage a*@4.19.0 srcpool:uuid! destpool:uuid! templates:list snapshots:list
migrateSecondaryStorageData a*@4.15.0 destpools:list! migrationtype srcpool:uuid!
migrateSystemVm a* virtualmachineid:uuid! storageid:uuid hostid:uuid autoselect:boolean
migrateVPC a*@4.11.0 vpcofferingid:uuid! resume:boolean tiernetworkofferings:map vpcid:uuid!
migrateVirtualMachine a* virtualmachineid:uuid! storageid:uuid hostid:uuid autoselect:boolean
migrateVirtualMachineWithVolume a* hostid:uuid migrateto:map virtualmachineid:uuid! autoselect:boolean
migrateVolume a*@3.0.0 newdiskofferingid:uuid volumeid:uuid! storageid:uuid! livemigrate:boolean
migrateVolumesToKMS a*@4.23.0 volumeids:list! account kmskeyid:uuid! domainid:uuid
moveDomain a@4.19.0.0 parentdomainid:uuid! domainid:uuid!
moveNetworkAclItem adu* aclconsistencyhash id! customid nextaclruleid previousaclruleid
moveUser a@4.11 id:uuid! accountid:uuid account
notifyBaremetalProvisionDone a* mac:object!
oauthlogin a@4.19.0 secretcode email! domain domainId:long provider!
patchSystemVm a*@4.17.0 forced:boolean id:uuid
prepareForMaintenance a@4.21.0 forced:boolean algorithm managementserverid:uuid!
prepareForShutdown a@4.19.0 managementserverid:uuid!
prepareHostForMaintenance a* id:uuid!
prepareTemplate a templateid:uuid! zoneid:uuid! storageid:uuid
provisionCertificate a*@4.11.0 hostid:uuid! provider reconnect:boolean forced:boolean
provisionTemplateDirectDownloadCertificate a@4.17.0 id:uuid! hostid:uuid!
purgeExpungedResources a*@4.20 startdate:date batchsize:long enddate:date resourcetype
queryAsyncJobResult adu jobid:uuid resourceid resourcetype
querySimulatorMock a id:long
quotaIsEnabled adu@4.7.0
readyForShutdown a@4.19.0 managementserverid:uuid!
rebootRouter ad* id:uuid! forced:boolean
rebootSystemVm a* forced:boolean id:uuid!
rebootVirtualMachine adu* bootintosetup:boolean id:uuid! forced:boolean
reconnectHost a* id:uuid!
recoverSharedFileSystem adu@4.20.0 id:uuid
recoverVirtualMachine adu id:uuid!
recoverVolume adu@4.14.0 id:uuid!
registerCniConfiguration adu@4.21.0 projectid:uuid cniconfig params account name! domainid:uuid
registerExtension a@4.21.0 resourceid! details:map extensionid:uuid! resourcetype!
registerIso adu ispublic:boolean isfeatured:boolean url! account bootable:boolean isdynamicallyscalable:boolean domainid:uuid imagestoreuuid name! isextractable:boolean projectid:uuid checksum directdownload:boolean displaytext arch ostypeid:uuid passwordenabled:boolean zoneid:uuid!
registerNetscalerControlCenter a* password! ipaddress! numretries:integer! username!
registerNetscalerServicePackage a name! description!
registerOauthProvider a@4.19.0 redirecturi! description! secretkey! details:map clientid! tokenurl provider! authorizeurl domain domainid:uuid
registerSSHKeyPair adu projectid:uuid publickey! domainid:uuid account name!
registerTemplate adu isextractable:boolean domainid:uuid account externaldetails:map deployasis:boolean bits:integer projectid:uuid forcks:boolean checksum url! ostypeid:uuid passwordenabled:boolean requireshvm:boolean arch zoneids:list format! hypervisor! directdownload:boolean zoneid:uuid ispublic:boolean name! isdynamicallyscalable:boolean isfeatured:boolean extensionid:uuid isrouting:boolean templatetype details:map sshkeyenabled:boolean displaytext templatetag
registerUserData adu@4.18 params userdata! domainid:uuid projectid:uuid account name!
registerUserKeys adu* enddate:date description rules:map id:uuid! name startdate:date
registerVnfTemplate adu@4.19.0 deployasis:boolean forcks:boolean vnfnics:map templatetype url! isfeatured:boolean vnfdetails:map format! displaytext ostypeid:uuid zoneid:uuid arch templatetag zoneids:list projectid:uuid name! isextractable:boolean bits:integer isrouting:boolean requireshvm:boolean checksum domainid:uuid passwordenabled:boolean ispublic:boolean sshkeyenabled:boolean isdynamicallyscalable:boolean externaldetails:map extensionid:uuid account directdownload:boolean hypervisor! details:map
releaseASNumber a@4.20.0 asnumber:long! zoneid:uuid!
releaseBgpPeer a*@4.20.0 id:uuid!
releaseDedicatedCluster a* clusterid:uuid!
releaseDedicatedGuestVlanRange a* id:uuid!
releaseDedicatedHost a* hostid:uuid!
releaseDedicatedPod a* podid:uuid!
releaseDedicatedZone a* zoneid:uuid!
releaseHostReservation a* id:uuid!
releaseIpAddress adu@4.17 id:uuid!
releaseIpv4SubnetForZone a*@4.20.0 id:uuid!
releasePodIpAddress a id:long!
releasePublicIpRange a id:uuid!
removeAnnotation adu@4.11 id!
removeCertFromLoadBalancer adu* lbruleid:uuid!
removeFromGlobalLoadBalancerRule adu* id:uuid! loadbalancerrulelist:list!
removeFromLoadBalancerRule adu* virtualmachineids:list id:uuid! vmidipmap:map
removeGuestOs a*@4.4.0 id:uuid!
removeGuestOsMapping a*@4.4.0 id:uuid!
removeGuiTheme a@4.21.0.0 id:uuid!
removeIpFromNic adu* id:uuid!
removeManagementServer a id:uuid!
removeNetworkPermissions adu@4.17.0 accountids:list networkid:uuid! projectids:list accounts:list
removeNicFromVirtualMachine adu* virtualmachineid:uuid! nicid:uuid!
removeNodesFromKubernetesCluster adu*@4.21.0 nodeids:list! id:uuid!
removeQuarantinedIp ad@4.19 removalreason! id:uuid ipaddress
removeRawUsageRecords a@4.6.0 interval:integer!
removeRegion a id:integer!
removeResourceDetail a* key resourceid! resourcetype!
removeSecondaryStorageSelector a@4.19.0 id:uuid!
removeVirtualMachineFromBackupOffering adu*@4.14.0 forced:boolean virtualmachineid:uuid!
removeVirtualMachinesFromKubernetesCluster adu@4.19.0 pagesize:integer virtualmachineids:list! page:integer id:uuid! keyword
removeVpnUser adu* projectid:uuid domainid:uuid account username!
replaceNetworkACLList adu* aclid:uuid! gatewayid:uuid networkid:uuid
reserveIpAddress adu@4.17 fordisplay:boolean projectid:uuid account domainid:uuid id:uuid!
resetApiLimit a account:uuid
resetConfiguration a@4.16.0 clusterid:uuid domainid:uuid zoneid:uuid name! accountid:uuid imagestoreid:uuid managementserverid:uuid storageid:uuid
resetNetworkPermissions adu@4.17.0 networkid:uuid!
resetPasswordForVirtualMachine adu* password id:uuid!
resetSSHKeyForVirtualMachine adu* keypair projectid:uuid account domainid:uuid keypairs:list id:uuid!
resetUserDataForVirtualMachine a@4.18.0 projectid:uuid domainid:uuid userdata userdataid:uuid userdatadetails:map id:uuid! account
resetVpnConnection adu* domainid:uuid account id:uuid!
resizeVolume adu* automigrate:boolean id:uuid! miniops:long maxiops:long shrinkok:boolean size:long diskofferingid:uuid
restartNetwork adu* livepatch:boolean makeredundant:boolean cleanup:boolean id:uuid!
restartSharedFileSystem adu*@4.20.0 id:uuid! cleanup:boolean
restartVPC adu* cleanup:boolean livepatch:boolean id:uuid! makeredundant:boolean
restoreBackup adu*@4.14.0 id:uuid! hostid:uuid quickrestore:boolean
restoreVirtualMachine adu*@3.0.0 expunge:boolean virtualmachineid:uuid! details:map rootdisksize:long templateid:uuid diskofferingid:uuid
restoreVolumeFromBackupAndAttachToVM adu*@4.14.0 virtualmachineid:uuid! volumeid! hostid:uuid quickrestore:boolean backupid:uuid!
revertSnapshot adu* id:uuid!
revertToVMSnapshot adu*@4.2.0 vmsnapshotid:uuid!
revokeCertificate a*@4.11.0 provider cn serial!
revokeSecurityGroupEgress adu*@3.0.0 id:uuid!
revokeSecurityGroupIngress adu* id:uuid!
revokeTemplateDirectDownloadCertificate a@4.13 name hypervisor zoneid:uuid! id:uuid hostid:uuid
rotateKMSKey adu*@4.23.0 hsmprofileid:uuid id:uuid! keybits:integer
runCustomAction adu*@4.21.0 customactionid:uuid! resourceid! resourcetype parameters:map
runDiagnostics a*@4.12.0.0 params type! ipaddress! targetid:uuid!
scaleKubernetesCluster adu* nodeids:list size:long serviceofferingid:uuid nodeofferings:map id:uuid! maxsize:long minsize:long autoscalingenabled:boolean
scaleSystemVm a* id:uuid! serviceofferingid:uuid! details:map
scaleVirtualMachine adu* maxiops:long details:map miniops:long shrinkok:boolean id:uuid! serviceofferingid:uuid! automigrate:boolean
searchLdap a@4.2.0 page:integer keyword query! pagesize:integer
setupUserTwoFactorAuthentication adu@4.18.0 userid:uuid enable:boolean provider
startBackup a*@4.23.0 name virtualmachineid:uuid! description
startInternalLoadBalancerVM a* id:uuid!
startKubernetesCluster adu* id:uuid!
startRollingMaintenance a* clusterids:list timeout:integer payload forced:boolean hostids:list zoneids:list podids:list
startRouter ad* id:uuid!
startSharedFileSystem adu*@4.20.0 id:uuid!
startSystemVm a* id:uuid!
startVirtualMachine adu* hostid:uuid podid:uuid id:uuid! clusterid:uuid considerlasthost:boolean bootintosetup:boolean deploymentplanner
stopInternalLoadBalancerVM a* id:uuid! forced:boolean
stopKubernetesCluster adu* id:uuid!
stopNetScalerVpx a* forced:boolean id:uuid!
stopRouter ad* id:uuid! forced:boolean
stopSharedFileSystem adu*@4.20.0 id:uuid! forced:boolean
stopSystemVm a* id:uuid! forced:boolean
stopVirtualMachine adu* forced:boolean id:uuid!
suspendProject adu*@3.0.0 id:uuid!
syncStoragePool a*@4.15.1 id:uuid!
triggerShutdown a@4.19.0 managementserverid:uuid!
unlinkDomainFromLdap a@4.23.0 domainid:uuid!
unmanageGpuDevice a@4.21.0 ids:list!
unmanageVirtualMachine a*@4.15.0 id:uuid! hostid:uuid forced:boolean
unmanageVolume a*@4.19.1 id:uuid!
unregisterExtension a@4.21.0 extensionid:uuid! resourceid! resourcetype!
updateAccount ad accountdetails:map id:uuid roleid:uuid account newname networkdomain domainid:uuid apikeyaccess
updateAnnotationVisibility a@4.16 id! adminsonly:boolean!
updateAutoScalePolicy adu* quiettime:integer duration:integer id:uuid! name conditionids:list
updateAutoScaleVmGroup adu* scaleuppolicyids:list fordisplay:boolean interval:integer customid minmembers:integer scaledownpolicyids:list id:uuid! name maxmembers:integer
updateAutoScaleVmProfile adu* userdatadetails:map customid otherdeployparams:map id:uuid! counterparam:map userdataid:uuid serviceofferingid:uuid expungevmgraceperiod:integer autoscaleuserid:uuid templateid:uuid fordisplay:boolean userdata
updateBackupOffering a@4.16.0 domainid description id:uuid! allowuserdrivenbackups:boolean name
updateBackupRepository a@4.22.0 mountopts name address id:uuid! crosszoneinstancecreation:boolean
updateBackupSchedule adu@4.14.0 maxbackups:integer isolated:boolean virtualmachineid:uuid! schedule! intervaltype! quiescevm:boolean timezone!
updateBgpPeer a*@4.20.0 password ipaddress ip6address asnumber:long cleanupdetails:boolean id:uuid! details:map
updateBucket adu@4.19.0 id:uuid! encryption:boolean policy versioning:boolean quota:integer
updateCloudToUseObjectStore a@4.3.0 url details:map provider! name
updateCluster a clustername managedstate clustertype arch id:uuid! externaldetails:map hypervisor allocationstate
updateCondition adu*@4.18.0 id:uuid! threshold:long! relationaloperator!
updateConfiguration ad clusterid:uuid zoneid:uuid managementserverid:uuid value domainid:uuid accountid:uuid storageid:uuid imagestoreuuid:uuid name!
updateCustomAction a@4.21.0 id:uuid! details:map resourcetype successmessage timeout:integer allowedroletypes:list cleanupparameters:boolean errormessage parameters:map description enabled:boolean cleanupdetails:boolean
updateDefaultNicForVirtualMachine adu* nicid:uuid! virtualmachineid:uuid!
updateDiskOffering ad sortkey:integer id:uuid! byteswriterate:long name cachemode iopsreadratemaxlength:long tags state displayoffering:boolean zoneid iopsreadratemax:long byteswriteratemaxlength:long byteswriteratemax:long iopswriterate:long iopswriteratemaxlength:long bytesreadratemaxlength:long iopsreadrate:long iopswriteratemax:long bytesreadratemax:long bytesreadrate:long domainid displaytext
updateDnsServer adu@4.23.0 url ispublic:boolean name id:uuid! publicdomainsuffix dnsapikey nameservers:list state port:integer
updateDnsZone adu@4.23.0 description id:uuid!
updateDomain a id:uuid! networkdomain name
updateEgressFirewallRule adu*@4.4 customid fordisplay:boolean id:uuid!
updateExtension a@4.21.0 id:uuid! state reservedresourcedetails description cleanupdetails:boolean orchestratorrequirespreparevm:boolean details:map
updateFirewallRule adu*@4.4 id:uuid! customid fordisplay:boolean
updateGlobalLoadBalancerRule adu* id:uuid! description gslblbmethod gslbstickysessionmethodname
updateGpuCard a@4.21.0 vendorname id:uuid! name devicename
updateGpuDevice a@4.21.0 type parentgpudeviceid:uuid gpucardid:uuid vgpuprofileid:uuid id:uuid! numanode
updateGuestOs a*@4.4.0 osdisplayname forDisplay:boolean oscategoryid:uuid details:map id:uuid!
updateGuestOsMapping a*@4.4.0 osmappingcheckenabled:boolean id:uuid! osnameforhypervisor!
updateGuiTheme a@4.21.0.0 css accountids jsonconfiguration description id:uuid! commonnames recursivedomains:boolean loginbasedomain domainids ispublic:boolean name
updateHSMProfile a@4.23.0 id:uuid! enabled:boolean name
updateHost a annotation oscategoryid:uuid hosttags:list cleanupexternaldetails:boolean name id:uuid! url externaldetails:map istagarule:boolean guestosrule allocationstate
updateHostPassword a username! clusterid:uuid password! hostid:uuid update_passwd_on_host:boolean
updateHypervisorCapabilities a@3.0.0 storagemotionenabled:boolean maxguestslimit:long maxhostspercluster:integer hypervisor maxdatavolumeslimit:integer vmsnapshotenabled:boolean hypervisorversion id:uuid securitygroupenabled:boolean
updateImageStore a@4.15.0 readonly:boolean name id:uuid! capacitybytes:long
updateInstanceGroup adu id:uuid! name
updateIpAddress adu* fordisplay:boolean id:uuid! customid
updateIpv4SubnetForZone a*@4.20.0 subnet! id:uuid!
updateIpv6FirewallRule adu* protocol endport:integer customid id:uuid! cidrlist:list traffictype icmptype:integer startport:integer fordisplay:boolean icmpcode:integer
updateIso adu arch bootable:boolean forceupdateostype:boolean requireshvm:boolean format isrouting:boolean details:map id:uuid! isdynamicallyscalable:boolean passwordenabled:boolean sshkeyenabled:boolean cleanupdetails:boolean name ostypeid:uuid sortkey:integer displaytext
updateIsoPermissions adu accounts:list isextractable:boolean isfeatured:boolean projectids:list id:uuid! ispublic:boolean op
updateKMSKey adu@4.23.0 name id:uuid! description enabled:boolean
updateKubernetesClusterAffinityGroups adu@4.23.0 id:uuid! nodeaffinitygroups:map
updateKubernetesSupportedVersion a state! id:uuid!
updateLBHealthCheckPolicy adu*@4.4 fordisplay:boolean customid id:uuid!
updateLBStickinessPolicy adu*@4.4 id:uuid! fordisplay:boolean customid
updateLoadBalancer adu*@4.4.0 id:uuid! customid fordisplay:boolean
updateLoadBalancerRule adu* fordisplay:boolean description customid algorithm cidrlist:list id:uuid! protocol name
updateNetwork adu* ip6dns2 id:uuid! networkofferingid:uuid guestvmcidr displaynetwork:boolean privatemtu:integer displaytext sourcenatipaddress dns1 name customid dns2 publicmtu:integer changecidr:boolean hideipaddressusage:boolean ip6dns1 updateinsequence:boolean networkdomain keepmacaddressonpublicnic:boolean forced:boolean
updateNetworkACLItem adu* action fordisplay:boolean reason number:integer icmptype:integer startport:integer cidrlist:list customid id:uuid! endport:integer partialupgrade:boolean icmpcode:integer traffictype protocol
updateNetworkACLList adu*@4.4 customid fordisplay:boolean name description id:uuid!
updateNetworkOffering a id:uuid domainid zoneid availability maxconnections:integer state name sortkey:integer keepaliveenabled:boolean displaytext tags
updateNetworkServiceProvider a*@3.0.0 id:uuid! servicelist:list state
updateOauthProvider a@4.19.0 enabled:boolean tokenurl domain domainid:uuid description redirecturi id:uuid! secretkey clientid authorizeurl
updateObjectStoragePool a@4.19.0 id:uuid! url name size:long
updateOsCategory a@4.21.0 id:uuid! sortkey:integer name isfeatured:boolean
updatePhysicalNetwork a*@3.0.0 tags:list networkspeed vlan id:uuid! state
updatePod a gateway id:uuid! name allocationstate netmask endip startip
updatePodManagementNetworkIpRange a*@4.16.0.0 podid:uuid! currentendip! newendip currentstartip! newstartip
updatePortForwardingRule adu* id:uuid! vmguestip virtualmachineid:uuid fordisplay:boolean privateport:integer customid cidrlist:list privateendport:integer
updateProject adu*@3.0.0 swapowner:boolean roletype account id:uuid! userid:uuid name displaytext
updateProjectInvitation adu*@3.0.0 token projectid:uuid! account accept:boolean userid:uuid
updateProjectRole adu@4.15.0 projectid:uuid! id:uuid! name description
updateProjectRolePermission adu@4.15.0 projectrolepermissionid:uuid permission projectid:uuid! projectroleid:uuid! ruleorder:list
updateQuarantinedIp ad@4.19 id:uuid ipaddress enddate:date!
updateRegion a id:integer! endpoint name
updateRegisteredExtension a@4.23.0 details:map resourcetype! extensionid:uuid! cleanupdetails:boolean resourceid!
updateRemoteAccessVpn adu*@4.4 id:uuid! fordisplay:boolean customid
updateResourceCount ad tag projectid:uuid domainid:uuid! account resourcetype:integer
updateResourceLimit ad projectid:uuid domainid:uuid tag resourcetype:integer! account max:long
updateResourceSchedule adu@4.23.0 timezone enabled:boolean enddate:date details:map schedule startdate:date description id:uuid!
updateRole a@4.9.0 description type ispublic:boolean description name id:uuid!
updateRolePermission a@4.9.0 permission roleid:uuid! ruleorder:list ruleid:uuid
updateRoutingFirewallRule adu*@4.20.0 customid id:uuid! fordisplay:boolean
updateSecondaryStorageSelector a@4.19.0 heuristicrule! id:uuid!
updateSecurityGroup a@4.14.0.0 id:uuid! customid name
updateServiceOffering ad id:uuid! displaytext name domainid purgeresources:boolean storagetags state cleanupexternaldetails:boolean zoneid externaldetails:map sortkey:integer hosttags
updateSharedFileSystem adu@4.20.0 name id:uuid! description
updateSnapshotPolicy adu* customid id:uuid fordisplay:boolean
updateStorageCapabilities a@4.16.0 id:uuid!
updateStorageNetworkIpRange a*@3.0.0 netmask endip vlan:integer startip id:uuid!
updateStoragePool a@3.0.0 url enabled:boolean details:map capacityiops:long name tags:list capacitybytes:long id:uuid! istagarule:boolean
updateTemplate adu passwordenabled:boolean isdynamicallyscalable:boolean templatetype id:uuid! forcks:boolean bootable:boolean arch cleanupdetails:boolean isrouting:boolean ostypeid:uuid name forceupdateostype:boolean format details:map sortkey:integer templatetag displaytext sshkeyenabled:boolean requireshvm:boolean
updateTemplatePermissions adu accounts:list isextractable:boolean ispublic:boolean id:uuid! projectids:list op isfeatured:boolean
updateTrafficType a*@3.0.0 vmwarenetworklabel xennetworklabel ovm3networklabel id:uuid! hypervnetworklabel kvmnetworklabel
updateUser adu usersecretkey email timezone apikeyaccess userapikey username lastname currentpassword passwordchangerequired:boolean id:uuid! password firstname mandate2fa:boolean
updateVMAffinityGroup adu* id:uuid! affinitygroupnames:list affinitygroupids:list
updateVMSchedule adu@4.19.0 startdate:date schedule id:uuid! description enabled:boolean enddate:date timezone
updateVPC adu* customid displaytext fordisplay:boolean sourcenatipaddress name publicmtu:integer id:uuid! keepmacaddressonpublicnic:boolean
updateVPCOffering a* zoneid name state sortkey:integer displaytext domainid id:uuid!
updateVgpuProfile a@4.21.0 maxheads:long name maxresolutionx:long description id:uuid! videoram:long maxresolutiony:long maxvgpuperphysicalgpu:long
updateVirtualMachine adu displayname details:map deleteprotection:boolean ostypeid:uuid cleanupextraconfig:boolean isdynamicallyscalable:boolean securitygroupids:list customid group userdataid:uuid securitygroupnames:list userdata instancename id:uuid! haenable:boolean displayvm:boolean extraconfig userdatadetails:map leaseduration:integer cleanupdetails:boolean dhcpoptionsnetworklist:map name leaseexpiryaction
updateVlanIpRange a@4.16.0 startip endip endipv6 forsystemvms:boolean netmask id:uuid! ip6cidr startipv6 gateway ip6gateway
updateVmNic adu* enabled:boolean nicid:uuid!
updateVmNicIp adu* nicid:uuid! ipaddress
updateVnfTemplate adu@4.19.0 sortkey:integer ostypeid:uuid templatetype displaytext name isdynamicallyscalable:boolean cleanupvnfdetails:boolean requireshvm:boolean vnfdetails:map sshkeyenabled:boolean bootable:boolean passwordenabled:boolean vnfnics:map cleanupdetails:boolean forceupdateostype:boolean details:map cleanupvnfnics:boolean forcks:boolean isrouting:boolean format templatetag id:uuid! arch
updateVolume a* name displayvolume:boolean storageid:uuid customid deleteprotection:boolean chaininfo state path id:uuid
updateVpnConnection adu*@4.4 id:uuid! customid fordisplay:boolean
updateVpnCustomerGateway adu* ipsecpsk! name ikeversion dpd:boolean id:uuid! forceencap:boolean esppolicy! ikelifetime:long account gateway! esplifetime:long cidrlist! ikepolicy! domainid:uuid splitconnections:boolean
updateVpnGateway adu*@4.4 fordisplay:boolean id:uuid! customid
updateWebhook adu@4.20.0 secretkey description payloadurl sslverification:boolean state scope id:uuid! name
updateZone a ip6dns1 internaldns2 ispublic:boolean internaldns1 details:map sortkey:integer dns1 id:uuid! dns2 ip6dns2 dhcpprovider guestcidraddress localstorageenabled:boolean dnssearchorder:list allocationstate name domain
upgradeKubernetesCluster adu* kubernetesversionid:uuid! id:uuid!
upgradeRouterTemplate a account clusterid:uuid podid:uuid zoneid:uuid id:uuid domainid:uuid
uploadCustomCertificate a* name certificate! domainsuffix! id:integer privatekey
uploadResourceIcon adu@4.16.0.0 resourceids:list! resourcetype! base64image!
uploadSslCert adu privatekey! domainid:uuid password enabledrevocationcheck:boolean projectid:uuid certchain account certificate! name!
uploadTemplateDirectDownloadCertificate a@4.11.0 name! zoneid:uuid! certificate! hypervisor! hostid:uuid
uploadVolume adu* url! account imagestoreuuid format! name! zoneid:uuid! checksum projectid:uuid domainid:uuid diskofferingid:uuid
validateUserTwoFactorAuthenticationCode adu@4.18.0 codefor2fa!
verifyOAuthCodeAndGetUser adu@4.19.0 page:integer domainid:uuid keyword pagesize:integer provider! domain secretcode
`;
