/*
 * OVF documents as others write them, composed by hand from the description of each dialect (oVirt 5.7.5): only what an import reads, and
 * a little of what it has to pass over.
 */

const NAMESPACES = `xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1/"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
  xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;

export interface HardwareParts {
  readonly sockets?: string;
  readonly cores?: string;
  readonly threads?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly memory?: string;
}

export function hardware({
  sockets = '2',
  cores = '3',
  threads = '1',
  quantity = '6',
  unit = 'MegaBytes',
  memory = '2048',
}: HardwareParts = {}): string {
  return `<Section xsi:type="ovf:VirtualHardwareSection_Type"><Info>6 CPU, 2048 Memory</Info>
    <System><vssd:VirtualSystemType>ENGINE 4.4.0.0</vssd:VirtualSystemType></System>
    <Item><rasd:Caption>6 virtual cpu</rasd:Caption><rasd:InstanceId>1</rasd:InstanceId><rasd:ResourceType>3</rasd:ResourceType>
      <rasd:num_of_sockets>${sockets}</rasd:num_of_sockets><rasd:cpu_per_socket>${cores}</rasd:cpu_per_socket>
      <rasd:threads_per_cpu>${threads}</rasd:threads_per_cpu><rasd:VirtualQuantity>${quantity}</rasd:VirtualQuantity></Item>
    <Item><rasd:InstanceId>2</rasd:InstanceId><rasd:ResourceType>4</rasd:ResourceType>
      <rasd:AllocationUnits>${unit}</rasd:AllocationUnits><rasd:VirtualQuantity>${memory}</rasd:VirtualQuantity></Item>
    <Item><rasd:InstanceId>img-1</rasd:InstanceId><rasd:ResourceType>17</rasd:ResourceType><Type>disk</Type><BootOrder>1</BootOrder></Item>
    <Item><rasd:InstanceId>nic-1</rasd:InstanceId><rasd:ResourceType>10</rasd:ResourceType>
      <rasd:OtherResourceType>prod-profile</rasd:OtherResourceType><rasd:ResourceSubType>2</rasd:ResourceSubType>
      <rasd:Connection>prod</rasd:Connection><rasd:Linked>false</rasd:Linked><rasd:Name>eth0</rasd:Name>
      <rasd:MACAddress>02:00:4C:9D:00:01</rasd:MACAddress></Item>
    <Item><rasd:ResourceType>23</rasd:ResourceType><rasd:UsbPolicy>DISABLED</rasd:UsbPolicy></Item></Section>`;
}

export interface Parts {
  readonly disks?: string;
  readonly metadata?: string;
  readonly content?: string;
  readonly hardware?: string;
}

export function envelope({ disks = '', metadata = '', content = '', hardware: parts = hardware() }: Parts): string {
  return `<?xml version="1.0" encoding="UTF-8"?><ovf:Envelope ${NAMESPACES} ovf:version="4.4.0.0">
    <References/><NetworkSection><Info>List of networks</Info><Network ovf:name="prod"/></NetworkSection>
    <Section xsi:type="ovf:DiskSection_Type"><Info>List of Virtual Disks</Info>${disks}</Section>${metadata}
    <Content ovf:id="out" xsi:type="ovf:VirtualSystem_Type"><Name>web-01</Name><Description>the shop</Description>
      <CreationDate>2026/01/02 03:04:05</CreationDate><TimeZone>Etc/GMT</TimeZone><VmType>1</VmType>
      <MinAllocatedMem>1024</MinAllocatedMem><IsStateless>false</IsStateless><AutoStartup>true</AutoStartup>
      <DeleteProtected>true</DeleteProtected>${content}
      <Section ovf:id="5e2f" ovf:required="false" xsi:type="ovf:OperatingSystemSection_Type"><Info>Guest Operating System</Info>
        <Description>rhel_9x64</Description></Section>${parts}</Content></ovf:Envelope>`;
}

const DISK = `ovf:size="20" ovf:actual_size="3" ovf:volume-format="COW" ovf:volume-type="Sparse" ovf:disk-interface="VirtIO_SCSI"
  ovf:boot="true" ovf:disk-alias="root" ovf:incremental-backup="true"`;

/** A real engine: `diskId` is the image, the disk stands in `fileRef`. */
export const ENGINE_OVF = envelope({
  disks: `<Disk ovf:diskId="img-1" ovf:fileRef="disk-1/img-1" ${DISK}/>`,
  content:
    '<BiosType>3</BiosType><ClusterName>Default</ClusterName><CreatedByUserId>58ca604b</CreatedByUserId><TemplateId>0000</TemplateId>',
});

/** CloudStack's plug-in: metadata section, its own order of firmware, bytes to a power. */
export const CLOUDSTACK_OVF = envelope({
  disks: `<Disk ovf:diskId="vol-1" ovf:fileRef="pool-1/vol-1" ${DISK}/>
    <Disk ovf:diskId="vol-2" ovf:fileRef="pool-1/vol-2" ovf:size="1" ovf:volume-format="RAW" ovf:volume-type="Preallocated" ovf:disk-interface="SATA"/>`,
  metadata: `<Section xsi:type="ovf:CloudStackMetadata_Type"><CloudStack><AccountId>acc-1</AccountId><DomainId>dom-1</DomainId>
    <ServiceOfferingId>off-1</ServiceOfferingId>
    <DataDiskOfferingIdMap><Entry><DiskId>vol-2</DiskId><OfferingId>doff-2</OfferingId></Entry></DataDiskOfferingIdMap>
    <Details><Detail><Key>cpuNumber</Key><Value>6</Value></Detail><Detail><Key>extraconfig-1</Key><Value>%3Cdevices%3E</Value></Detail>
      <Detail><Key>password</Key><Value>hunter2</Value></Detail><Detail><Key>deployvm</Key><Value>true</Value></Detail>
      <Detail><Key>UEFI</Key><Value>SECURE</Value></Detail></Details>
    <UserDataId>ud-1</UserDataId><AffinityGroupId>ag-1</AffinityGroupId></CloudStack></Section>`,
  content: '<BiosType>2</BiosType><CreatedByUserId>acc-9</CreatedByUserId>',
  hardware: hardware({ unit: 'byte * 2^20' }),
});

/** The older Python gateway: owner in elements of its own. */
export const PYTHON_OVF = envelope({
  disks: `<Disk ovf:diskId="vol-1" ovf:fileRef="pool-1/vol-1" ${DISK}/>`,
  content: `<BiosType>2</BiosType><CreatedByUserId>user-1</CreatedByUserId><CreatedByDomain>ROOT/sales</CreatedByDomain>
    <CreatedByDomainId>dom-1</CreatedByDomainId><CreatedByAccount>sales</CreatedByAccount><CreatedByProjectId>proj-1</CreatedByProjectId>`,
});
