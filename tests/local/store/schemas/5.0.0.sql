BEGIN TRANSACTION;
CREATE TABLE cluster_templates (
	is_default BOOLEAN NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	plugin_name VARCHAR(80) NOT NULL, 
	plugin_version VARCHAR(80) NOT NULL, 
	cluster_configs JSON NOT NULL, 
	default_image_id VARCHAR(36), 
	anti_affinity JSON NOT NULL, 
	neutron_management_network VARCHAR(36), 
	use_autoconfig BOOLEAN, 
	shares JSON, 
	domain_name VARCHAR(255), 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
CREATE TABLE clusters (
	trust_id VARCHAR(36), 
	is_transient BOOLEAN NOT NULL, 
	anti_affinity_ratio INTEGER NOT NULL, 
	management_public_key TEXT NOT NULL, 
	user_keypair_id VARCHAR(80), 
	status VARCHAR(80) NOT NULL, 
	status_description TEXT NOT NULL, 
	info JSON NOT NULL, 
	cluster_template_id VARCHAR(36), 
	stack_name VARCHAR(80) NOT NULL, 
	engine_state JSON, 
	wanted JSON, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	plugin_name VARCHAR(80) NOT NULL, 
	plugin_version VARCHAR(80) NOT NULL, 
	cluster_configs JSON NOT NULL, 
	default_image_id VARCHAR(36), 
	anti_affinity JSON NOT NULL, 
	neutron_management_network VARCHAR(36), 
	use_autoconfig BOOLEAN, 
	shares JSON, 
	domain_name VARCHAR(255), 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id), 
	FOREIGN KEY(cluster_template_id) REFERENCES cluster_templates (id)
);
INSERT INTO "clusters" VALUES(NULL,0,1,'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL8YLahV7byOW3oyBDpJ1S8Q4m2AIH1aru/yrZ3daCCt Generated-by-Sahara
',NULL,'Active','','{}',NULL,'old1f678424','{"instances": ["old-m-0", "old-w-1"]}',NULL,'1f678424-8c62-4111-8b56-047076e2293b','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.180862','2026-11-24 23:31:57.430437','old',NULL,0,0,'fake','0.1','{}','4250c6ec-71ee-4c32-9816-0bd4c4ae4f23','[]','fe30426f-9673-41c6-a330-a792cdba01bf',1,NULL,NULL);
CREATE TABLE compute_flavors (
	id VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	ram INTEGER NOT NULL, 
	disk INTEGER NOT NULL, 
	vcpus INTEGER NOT NULL, 
	extra_specs JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "compute_flavors" VALUES('1','m1.tiny',512,1,1,'{}');
INSERT INTO "compute_flavors" VALUES('2','m1.small',2048,20,1,'{}');
INSERT INTO "compute_flavors" VALUES('3','m1.medium',4096,40,2,'{}');
INSERT INTO "compute_flavors" VALUES('4','m1.large',8192,80,4,'{}');
CREATE TABLE compute_keypairs (
	id INTEGER NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	public_key VARCHAR NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (user_id, name)
);
INSERT INTO "compute_keypairs" VALUES(1,'c8c4058953334c02a2444ea79188b7be','default','ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOnOWTyVrcEQnCl+oCeXEeZiP41jXHESaP2E2iGUAjMy','be:1c:22:e4:5b:67:4d:64:ce:e7:db:db:18:f5:fe:78','2026-11-24 23:31:56.679162');
INSERT INTO "compute_keypairs" VALUES(2,'f0c7073c18664576b9725748498bdf65','default','ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINqKhk9JKojTAUha0dUWQmYd2TmLiXSWeUPP1MIgICPB','c5:27:66:c6:1c:36:c3:ea:60:22:98:aa:0c:86:cc:0f','2026-11-24 23:31:56.679173');
CREATE TABLE data_sources (
	type VARCHAR(80) NOT NULL, 
	url TEXT NOT NULL, 
	credentials JSON NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
INSERT INTO "data_sources" VALUES('swift','swift://c.sahara/o','{"user": "u", "password": "p"}','255748f8-f000-4865-8e1e-eae5c8d26a66','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.516857',NULL,'text','',0,0);
CREATE TABLE identity_assignments (
	user_id VARCHAR(64) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	role VARCHAR(64) NOT NULL, 
	PRIMARY KEY (user_id, project_id, role), 
	FOREIGN KEY(user_id) REFERENCES identity_users (id) ON DELETE CASCADE, 
	FOREIGN KEY(project_id) REFERENCES identity_projects (id) ON DELETE CASCADE
);
INSERT INTO "identity_assignments" VALUES('c8c4058953334c02a2444ea79188b7be','6d575ad51a20461fb56e7e40b8ed3c0d','admin');
INSERT INTO "identity_assignments" VALUES('c8c4058953334c02a2444ea79188b7be','e71bf04e9a324bbeaf0839d52e537ad2','admin');
INSERT INTO "identity_assignments" VALUES('f0c7073c18664576b9725748498bdf65','e71bf04e9a324bbeaf0839d52e537ad2','member');
CREATE TABLE identity_projects (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	description VARCHAR NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "identity_projects" VALUES('6d575ad51a20461fb56e7e40b8ed3c0d','admin','',1);
INSERT INTO "identity_projects" VALUES('e71bf04e9a324bbeaf0839d52e537ad2','demo','',1);
CREATE TABLE identity_tokens (
	hash VARCHAR(64) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	project_id VARCHAR(64), 
	methods JSON NOT NULL, 
	audit_ids JSON NOT NULL, 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (hash), 
	FOREIGN KEY(user_id) REFERENCES identity_users (id) ON DELETE CASCADE, 
	FOREIGN KEY(project_id) REFERENCES identity_projects (id) ON DELETE CASCADE
);
INSERT INTO "identity_tokens" VALUES('9875c6e8a560062ef3938f46230718a168613ccb1b782fa58638ccbea7dfe9f6','c8c4058953334c02a2444ea79188b7be','6d575ad51a20461fb56e7e40b8ed3c0d','["password"]','["D1tjIHohOoFWxtzo42wC-Q"]','2026-11-24 23:31:56.961885','2026-11-25 03:31:56.960630');
INSERT INTO "identity_tokens" VALUES('f1fa34195799d3c8549eb8557e99bb6bc2e8468f1cef6d3c26fcd529170a1788','c8c4058953334c02a2444ea79188b7be','6d575ad51a20461fb56e7e40b8ed3c0d','["password"]','["rGaJCFqi6HEpg3nByyfxRQ"]','2026-11-24 23:31:57.095263','2026-11-25 03:31:57.094743');
CREATE TABLE identity_users (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR NOT NULL, 
	email VARCHAR(255), 
	enabled BOOLEAN NOT NULL, 
	default_project_id VARCHAR(64), 
	password_hash VARCHAR(255) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "identity_users" VALUES('c8c4058953334c02a2444ea79188b7be','admin','',NULL,1,NULL,'ce13e22a462dcd619b86bad95ee7e129:2ab54ab60ffc9262dbf474fb3b6e52f3abae2b1126b76cb0c8b7ee6efcbfb776e83db4dcb07aebdf1aa0919ebeec6821472a1cfb9e6fa97d819a83ae37ee1f37');
INSERT INTO "identity_users" VALUES('f0c7073c18664576b9725748498bdf65','demo','',NULL,1,NULL,'323b601c24cafc64e245ae5aefdefc90:9926c06ff439f128e1ab1747c5406027e41f0b624007fef3b7d54cd93ed1e5a0405054bb3f24e5296b84641b2759ca9994b14c3576c53d0f9b9867934c664c9a');
CREATE TABLE image_images (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	status VARCHAR(30) NOT NULL, 
	visibility VARCHAR(30) NOT NULL, 
	protected BOOLEAN NOT NULL, 
	os_hidden BOOLEAN NOT NULL, 
	min_disk INTEGER NOT NULL, 
	min_ram INTEGER NOT NULL, 
	container_format VARCHAR(64), 
	disk_format VARCHAR(64), 
	size BIGINT, 
	checksum VARCHAR(32), 
	tags JSON NOT NULL, 
	properties JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "image_images" VALUES('4250c6ec-71ee-4c32-9816-0bd4c4ae4f23','local-spark','6d575ad51a20461fb56e7e40b8ed3c0d','active','public',0,0,0,0,'bare','raw',0,'d41d8cd98f00b204e9800998ecf8427e','[]','{"_sahara_username": "ubuntu", "_sahara_tag_fake": "True", "_sahara_tag_0.1": "True"}','2026-11-24 23:31:56.000000','2026-11-24 23:31:57.000000');
CREATE TABLE instances (
	node_group_id VARCHAR(36) NOT NULL, 
	instance_id VARCHAR(36) NOT NULL, 
	instance_name VARCHAR(120) NOT NULL, 
	internal_ip VARCHAR(45), 
	management_ip VARCHAR(45), 
	storage_devices_number INTEGER NOT NULL, 
	dns_hostname VARCHAR(255), 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(node_group_id) REFERENCES node_groups (id)
);
INSERT INTO "instances" VALUES('1cbf7197-3260-4c5c-b8a4-798f5d3895b7','8bf262fe-438d-4fde-be0e-d8ecfacc61f3','old-m-0','127.77.0.1','127.77.0.1',0,NULL,'e1c939aa-fdc2-4af1-a9f0-bd79bfbea2c5','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.259971','2026-11-24 23:31:57.264431');
INSERT INTO "instances" VALUES('ca89e2d5-fb59-45e6-b05c-20fcedab66e3','50bfe2c1-8981-4ee6-9d15-8c7827ac5504','old-w-1','127.77.0.2','127.77.0.2',0,NULL,'f063cf01-aeca-4531-8ac0-6b00f1c7cc15','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.260002','2026-11-24 23:31:57.264480');
CREATE TABLE interface_arguments (
	job_id VARCHAR(36) NOT NULL, 
	tenant_id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT, 
	mapping_type VARCHAR(80) NOT NULL, 
	location TEXT NOT NULL, 
	value_type VARCHAR(80) NOT NULL, 
	required BOOLEAN NOT NULL, 
	"order" INTEGER NOT NULL, 
	"default" TEXT, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(job_id) REFERENCES job_templates (id)
);
CREATE TABLE job_binaries (
	url TEXT NOT NULL, 
	extra JSON NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
INSERT INTO "job_binaries" VALUES('swift://c.sahara/b','{"user": "u", "password": "p"}','c9e4e7fc-6811-4402-974b-5b5eaad8de78','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.542763',NULL,'bin',NULL,0,0);
CREATE TABLE job_binary_internals (
	datasize INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
CREATE TABLE job_executions (
	job_template_id VARCHAR(36) NOT NULL, 
	input_id VARCHAR(36), 
	output_id VARCHAR(36), 
	cluster_id VARCHAR(36), 
	start_time DATETIME, 
	end_time DATETIME, 
	status VARCHAR(80) NOT NULL, 
	info JSON NOT NULL, 
	engine_job_id VARCHAR(100), 
	return_code VARCHAR(80), 
	job_configs JSON NOT NULL, 
	extra JSON NOT NULL, 
	data_source_urls JSON, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	engine_state JSON, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(job_template_id) REFERENCES job_templates (id), 
	FOREIGN KEY(input_id) REFERENCES data_sources (id), 
	FOREIGN KEY(output_id) REFERENCES data_sources (id), 
	FOREIGN KEY(cluster_id) REFERENCES clusters (id) ON DELETE SET NULL
);
INSERT INTO "job_executions" VALUES('eba47568-da9c-4e28-9131-06419a5bc91c',NULL,NULL,'1f678424-8c62-4111-8b56-047076e2293b','2026-11-24 23:31:57.635863','2026-11-24 23:31:57.635113','SUCCEEDED','{"status": "SUCCEEDED"}','engine_job_id',NULL,'{"args": ["a"], "job_execution_info": {}}','{}',NULL,0,0,'{"engine_job_id": "engine_job_id", "ends": 1795563117.6351135, "started": 1795563117.6351178, "fails": false}','73a4c69d-4333-41a2-b67e-0890eba46438','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.599996','2026-11-24 23:31:57.648315');
CREATE TABLE job_template_libs (
	job_template_id VARCHAR(36) NOT NULL, 
	job_binary_id VARCHAR(36) NOT NULL, 
	PRIMARY KEY (job_template_id, job_binary_id), 
	FOREIGN KEY(job_template_id) REFERENCES job_templates (id) ON DELETE CASCADE, 
	FOREIGN KEY(job_binary_id) REFERENCES job_binaries (id)
);
CREATE TABLE job_template_mains (
	job_template_id VARCHAR(36) NOT NULL, 
	job_binary_id VARCHAR(36) NOT NULL, 
	PRIMARY KEY (job_template_id, job_binary_id), 
	FOREIGN KEY(job_template_id) REFERENCES job_templates (id) ON DELETE CASCADE, 
	FOREIGN KEY(job_binary_id) REFERENCES job_binaries (id)
);
INSERT INTO "job_template_mains" VALUES('eba47568-da9c-4e28-9131-06419a5bc91c','c9e4e7fc-6811-4402-974b-5b5eaad8de78');
CREATE TABLE job_templates (
	type VARCHAR(80) NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
INSERT INTO "job_templates" VALUES('Shell','eba47568-da9c-4e28-9131-06419a5bc91c','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.564102',NULL,'template',NULL,0,0);
CREATE TABLE network_networks (
	id VARCHAR(36) NOT NULL, 
	subnet_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	cidr VARCHAR(64) NOT NULL, 
	external BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "network_networks" VALUES('fe30426f-9673-41c6-a330-a792cdba01bf','024e8bfd-f394-4471-bccb-149495a59c1c','private','6d575ad51a20461fb56e7e40b8ed3c0d','10.0.0.0/24',0);
INSERT INTO "network_networks" VALUES('535d57b2-edfe-48ac-9f43-040ae7a54db1','1bda1961-f661-44e0-8d9b-12a602c0d53a','public','6d575ad51a20461fb56e7e40b8ed3c0d','172.24.4.0/24',1);
CREATE TABLE network_security_group_rules (
	id VARCHAR(36) NOT NULL, 
	security_group_id VARCHAR(36) NOT NULL, 
	fields JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(security_group_id) REFERENCES network_security_groups (id) ON DELETE CASCADE
);
INSERT INTO "network_security_group_rules" VALUES('28fc79ce-a433-45c1-8765-31c79b99c5dd','08a5c8de-a0f9-499d-9346-84956a075b39','{"direction": "egress", "ethertype": "IPv4"}');
INSERT INTO "network_security_group_rules" VALUES('eed57d16-657a-46b5-8ceb-9e6a95466425','08a5c8de-a0f9-499d-9346-84956a075b39','{"direction": "egress", "ethertype": "IPv6"}');
INSERT INTO "network_security_group_rules" VALUES('6e4ca66d-bf3a-4f92-9832-a1799988e5f5','d33b37d8-e000-46fa-a7d9-8c6b9482fc18','{"direction": "egress", "ethertype": "IPv4"}');
INSERT INTO "network_security_group_rules" VALUES('6d119a18-e022-4039-b9c9-6c7c8863b1d9','d33b37d8-e000-46fa-a7d9-8c6b9482fc18','{"direction": "egress", "ethertype": "IPv6"}');
CREATE TABLE network_security_groups (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "network_security_groups" VALUES('08a5c8de-a0f9-499d-9346-84956a075b39','6d575ad51a20461fb56e7e40b8ed3c0d','default','Default security group');
INSERT INTO "network_security_groups" VALUES('d33b37d8-e000-46fa-a7d9-8c6b9482fc18','e71bf04e9a324bbeaf0839d52e537ad2','default','Default security group');
CREATE TABLE node_group_templates (
	plugin_name VARCHAR(80) NOT NULL, 
	plugin_version VARCHAR(80) NOT NULL, 
	is_default BOOLEAN NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	name VARCHAR(255) NOT NULL, 
	description TEXT, 
	is_public BOOLEAN NOT NULL, 
	is_protected BOOLEAN NOT NULL, 
	flavor_id VARCHAR(36) NOT NULL, 
	image_id VARCHAR(36), 
	node_processes JSON NOT NULL, 
	node_configs JSON NOT NULL, 
	volumes_per_node BIGINT NOT NULL, 
	volumes_size BIGINT, 
	volumes_availability_zone TEXT, 
	volume_mount_prefix TEXT, 
	volume_type TEXT, 
	boot_from_volume BOOLEAN NOT NULL, 
	boot_volume_type TEXT, 
	boot_volume_availability_zone TEXT, 
	boot_volume_local_to_instance BOOLEAN NOT NULL, 
	floating_ip_pool TEXT, 
	security_groups JSON, 
	auto_security_group BOOLEAN, 
	availability_zone TEXT, 
	is_proxy_gateway BOOLEAN, 
	volume_local_to_instance BOOLEAN, 
	use_autoconfig BOOLEAN, 
	shares JSON, 
	PRIMARY KEY (id), 
	UNIQUE (name, project_id)
);
CREATE TABLE node_groups (
	position INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	count BIGINT NOT NULL, 
	cluster_id VARCHAR(36) NOT NULL, 
	node_group_template_id VARCHAR(36), 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	flavor_id VARCHAR(36) NOT NULL, 
	image_id VARCHAR(36), 
	node_processes JSON NOT NULL, 
	node_configs JSON NOT NULL, 
	volumes_per_node BIGINT NOT NULL, 
	volumes_size BIGINT, 
	volumes_availability_zone TEXT, 
	volume_mount_prefix TEXT, 
	volume_type TEXT, 
	boot_from_volume BOOLEAN NOT NULL, 
	boot_volume_type TEXT, 
	boot_volume_availability_zone TEXT, 
	boot_volume_local_to_instance BOOLEAN NOT NULL, 
	floating_ip_pool TEXT, 
	security_groups JSON, 
	auto_security_group BOOLEAN, 
	availability_zone TEXT, 
	is_proxy_gateway BOOLEAN, 
	volume_local_to_instance BOOLEAN, 
	use_autoconfig BOOLEAN, 
	shares JSON, 
	PRIMARY KEY (id), 
	FOREIGN KEY(cluster_id) REFERENCES clusters (id), 
	FOREIGN KEY(node_group_template_id) REFERENCES node_group_templates (id)
);
INSERT INTO "node_groups" VALUES(0,'m',1,'1f678424-8c62-4111-8b56-047076e2293b',NULL,'1cbf7197-3260-4c5c-b8a4-798f5d3895b7','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.193680',NULL,'1',NULL,'["namenode", "jobtracker"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
INSERT INTO "node_groups" VALUES(1,'w',1,'1f678424-8c62-4111-8b56-047076e2293b',NULL,'ca89e2d5-fb59-45e6-b05c-20fcedab66e3','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.193717',NULL,'1',NULL,'["datanode", "tasktracker"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
CREATE TABLE object_accounts (
	project_id VARCHAR(64) NOT NULL, 
	meta JSON NOT NULL, 
	PRIMARY KEY (project_id)
);
CREATE TABLE object_containers (
	id INTEGER NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	meta JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (project_id, name)
);
CREATE TABLE object_objects (
	id INTEGER NOT NULL, 
	container_id INTEGER NOT NULL, 
	name VARCHAR(1024) NOT NULL, 
	file VARCHAR(32) NOT NULL, 
	size BIGINT NOT NULL, 
	etag VARCHAR(32) NOT NULL, 
	content_type VARCHAR(255) NOT NULL, 
	headers JSON NOT NULL, 
	modified_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (container_id, name), 
	FOREIGN KEY(container_id) REFERENCES object_containers (id)
);
CREATE TABLE plugin_labels (
	name VARCHAR(80) NOT NULL, 
	labels JSON NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE provision_steps (
	position INTEGER NOT NULL, 
	cluster_id VARCHAR(36) NOT NULL, 
	step_name VARCHAR(80) NOT NULL, 
	step_type VARCHAR(80) NOT NULL, 
	total INTEGER NOT NULL, 
	successful BOOLEAN, 
	events JSON NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(cluster_id) REFERENCES clusters (id)
);
INSERT INTO "provision_steps" VALUES(0,'1f678424-8c62-4111-8b56-047076e2293b','Create Heat stack','Engine: create cluster',1,1,'[]','571f8e85-915d-4115-a942-eabaebe99d00','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.291187','2026-11-24 23:31:57.295670');
INSERT INTO "provision_steps" VALUES(1,'1f678424-8c62-4111-8b56-047076e2293b','Assign IPs','Engine: create cluster',2,1,'[]','c7c173b1-d40d-4c97-b378-675b6db58379','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.312961','2026-11-24 23:31:57.319511');
INSERT INTO "provision_steps" VALUES(2,'1f678424-8c62-4111-8b56-047076e2293b','Wait for instance accessibility','Engine: create cluster',2,1,'[]','a7e6f186-bac6-4ac1-b6e7-a881f48b8fc3','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.330926','2026-11-24 23:31:57.337152');
INSERT INTO "provision_steps" VALUES(3,'1f678424-8c62-4111-8b56-047076e2293b','Configure instances','Engine: create cluster',2,1,'[]','74ca8ee3-2491-425f-9376-5196418c457c','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.354366','2026-11-24 23:31:57.364638');
CREATE TABLE template_node_groups (
	position INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	count BIGINT NOT NULL, 
	cluster_template_id VARCHAR(36) NOT NULL, 
	node_group_template_id VARCHAR(36), 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	flavor_id VARCHAR(36) NOT NULL, 
	image_id VARCHAR(36), 
	node_processes JSON NOT NULL, 
	node_configs JSON NOT NULL, 
	volumes_per_node BIGINT NOT NULL, 
	volumes_size BIGINT, 
	volumes_availability_zone TEXT, 
	volume_mount_prefix TEXT, 
	volume_type TEXT, 
	boot_from_volume BOOLEAN NOT NULL, 
	boot_volume_type TEXT, 
	boot_volume_availability_zone TEXT, 
	boot_volume_local_to_instance BOOLEAN NOT NULL, 
	floating_ip_pool TEXT, 
	security_groups JSON, 
	auto_security_group BOOLEAN, 
	availability_zone TEXT, 
	is_proxy_gateway BOOLEAN, 
	volume_local_to_instance BOOLEAN, 
	use_autoconfig BOOLEAN, 
	shares JSON, 
	PRIMARY KEY (id), 
	FOREIGN KEY(cluster_template_id) REFERENCES cluster_templates (id), 
	FOREIGN KEY(node_group_template_id) REFERENCES node_group_templates (id)
);
CREATE TABLE verifications (
	cluster_id VARCHAR(36) NOT NULL, 
	status VARCHAR(15) NOT NULL, 
	checks JSON NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(cluster_id) REFERENCES clusters (id)
);
INSERT INTO "verifications" VALUES('1f678424-8c62-4111-8b56-047076e2293b','GREEN','[{"name": "Check of instances accessibility", "status": "GREEN", "description": "Cluster old has 2 instances and no processes"}]','5b46d71b-895b-4b95-9daf-27ddbe1ca5be','6d575ad51a20461fb56e7e40b8ed3c0d','2026-11-24 23:31:57.440092','2026-11-24 23:31:57.448028');
CREATE INDEX ix_network_security_groups_project_id ON network_security_groups (project_id);
CREATE INDEX ix_node_group_templates_project ON node_group_templates (project_id, id);
CREATE INDEX ix_node_group_templates_plugin_name ON node_group_templates (plugin_name);
CREATE INDEX ix_node_group_templates_name ON node_group_templates (name);
CREATE INDEX ix_node_group_templates_public ON node_group_templates (is_public, id);
CREATE INDEX ix_node_group_templates_project_name ON node_group_templates (project_id, name, id);
CREATE INDEX ix_cluster_templates_project_name ON cluster_templates (project_id, name, id);
CREATE INDEX ix_cluster_templates_public ON cluster_templates (is_public, id);
CREATE INDEX ix_cluster_templates_name ON cluster_templates (name);
CREATE INDEX ix_cluster_templates_plugin_name ON cluster_templates (plugin_name);
CREATE INDEX ix_cluster_templates_project ON cluster_templates (project_id, id);
CREATE INDEX ix_data_sources_project_name ON data_sources (project_id, name, id);
CREATE INDEX ix_data_sources_type ON data_sources (type);
CREATE INDEX ix_data_sources_public ON data_sources (is_public, id);
CREATE INDEX ix_data_sources_name ON data_sources (name);
CREATE INDEX ix_data_sources_project ON data_sources (project_id, id);
CREATE INDEX ix_job_binaries_name ON job_binaries (name);
CREATE INDEX ix_job_binaries_project_name ON job_binaries (project_id, name, id);
CREATE INDEX ix_job_binaries_public ON job_binaries (is_public, id);
CREATE INDEX ix_job_binaries_project ON job_binaries (project_id, id);
CREATE INDEX ix_job_binary_internals_public ON job_binary_internals (is_public, id);
CREATE INDEX ix_job_binary_internals_project ON job_binary_internals (project_id, id);
CREATE INDEX ix_job_binary_internals_project_name ON job_binary_internals (project_id, name, id);
CREATE INDEX ix_job_binary_internals_name ON job_binary_internals (name);
CREATE INDEX ix_job_templates_type ON job_templates (type);
CREATE INDEX ix_job_templates_name ON job_templates (name);
CREATE INDEX ix_job_templates_project ON job_templates (project_id, id);
CREATE INDEX ix_job_templates_project_name ON job_templates (project_id, name, id);
CREATE INDEX ix_job_templates_public ON job_templates (is_public, id);
CREATE INDEX ix_identity_tokens_expires_at ON identity_tokens (expires_at);
CREATE INDEX ix_clusters_project ON clusters (project_id, id);
CREATE INDEX ix_clusters_cluster_template_id ON clusters (cluster_template_id);
CREATE INDEX ix_clusters_public ON clusters (is_public, id);
CREATE INDEX ix_clusters_status ON clusters (status);
CREATE INDEX ix_clusters_name ON clusters (name);
CREATE INDEX ix_clusters_plugin_name ON clusters (plugin_name);
CREATE INDEX ix_clusters_project_name ON clusters (project_id, name, id);
CREATE INDEX ix_template_node_groups_cluster_template_id ON template_node_groups (cluster_template_id);
CREATE INDEX ix_template_node_groups_node_group_template_id ON template_node_groups (node_group_template_id);
CREATE INDEX ix_job_template_mains_job_binary_id ON job_template_mains (job_binary_id);
CREATE INDEX ix_job_template_libs_job_binary_id ON job_template_libs (job_binary_id);
CREATE INDEX ix_interface_arguments_job_id ON interface_arguments (job_id);
CREATE INDEX ix_node_groups_cluster_id ON node_groups (cluster_id);
CREATE INDEX ix_node_groups_node_group_template_id ON node_groups (node_group_template_id);
CREATE INDEX ix_provision_steps_cluster_id ON provision_steps (cluster_id);
CREATE UNIQUE INDEX ix_verifications_cluster_id ON verifications (cluster_id);
CREATE INDEX ix_job_executions_output_id ON job_executions (output_id);
CREATE INDEX ix_job_executions_job_template_id ON job_executions (job_template_id);
CREATE INDEX ix_job_executions_status ON job_executions (status);
CREATE INDEX ix_job_executions_public ON job_executions (is_public, id);
CREATE INDEX ix_job_executions_end_time ON job_executions (end_time);
CREATE INDEX ix_job_executions_cluster_id ON job_executions (cluster_id);
CREATE INDEX ix_job_executions_input_id ON job_executions (input_id);
CREATE INDEX ix_job_executions_project ON job_executions (project_id, id);
CREATE INDEX ix_job_executions_project_status ON job_executions (project_id, status, id);
CREATE INDEX ix_job_executions_project_template ON job_executions (project_id, job_template_id, id);
CREATE INDEX ix_job_executions_project_cluster ON job_executions (project_id, coalesce(cluster_id, ''), id);
CREATE INDEX ix_instances_node_group_id ON instances (node_group_id);
COMMIT;
