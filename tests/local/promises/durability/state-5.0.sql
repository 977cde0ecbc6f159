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
INSERT INTO "clusters" VALUES(NULL,0,1,'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIByYJCe9sIA0OjQKO658ghCCk97GsWkdMVXDMolYzmVv Generated-by-Sahara
',NULL,'Active','','{}',NULL,'active8c977286','{"instances": ["active-m-0", "active-w-1"]}',NULL,'8c977286-6cbd-4092-bed9-e754f8ee34cc','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.270137','2026-11-25 00:31:58.514770','active',NULL,0,0,'fake','0.1','{}','92553380-e5b7-4b1c-9e9e-89448570b342','[]','e45f5db1-7d6a-45c4-b68b-c471d63bdb3f',1,NULL,NULL);
INSERT INTO "clusters" VALUES(NULL,0,1,'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID2GebhV4+rceU1G51PoCVccQ7NKV3JohoEdIjOw1/yW Generated-by-Sahara
',NULL,'Waiting','','{}',NULL,'starting6f4eb998',NULL,NULL,'6f4eb998-b99c-41ec-91bc-a6ba514003c0','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.592095','2026-11-25 00:31:59.705113','starting',NULL,0,0,'fake','0.1','{"general": {"State delay": "1"}}','92553380-e5b7-4b1c-9e9e-89448570b342','[]','e45f5db1-7d6a-45c4-b68b-c471d63bdb3f',1,NULL,NULL);
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
INSERT INTO "compute_keypairs" VALUES(1,'de3b501cc3384e59922b6853b2ecee54','default','ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPG2ltQmnTTwpim+MiEUbRQ6izVaB1xq9hWHCZUGEOcp','70:4c:13:ce:2b:91:c8:6a:43:25:1e:65:b9:5f:c6:ff','2026-11-25 00:31:57.350817');
INSERT INTO "compute_keypairs" VALUES(2,'7c927cb902504f15ab1bcfb86f43304a','default','ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINNVBFbjWPpqW+cTcEh+uXhKk5zjMjmi+CXgpOK3nRAq','17:c4:4a:3f:3f:9d:ea:1e:27:48:00:b2:a1:8b:7f:3f','2026-11-25 00:31:57.350829');
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
INSERT INTO "data_sources" VALUES('hdfs','/data','{}','cb73b176-c313-4151-ab81-3fe8ae5103d7','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.573887',NULL,'source','',0,0);
CREATE TABLE identity_assignments (
	user_id VARCHAR(64) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	role VARCHAR(64) NOT NULL, 
	PRIMARY KEY (user_id, project_id, role), 
	FOREIGN KEY(user_id) REFERENCES identity_users (id) ON DELETE CASCADE, 
	FOREIGN KEY(project_id) REFERENCES identity_projects (id) ON DELETE CASCADE
);
INSERT INTO "identity_assignments" VALUES('de3b501cc3384e59922b6853b2ecee54','6c4abc20ef3d4b9cadecd09e42b2716e','admin');
INSERT INTO "identity_assignments" VALUES('de3b501cc3384e59922b6853b2ecee54','ba20c8b5c4464b82aa9724d423f991bd','admin');
INSERT INTO "identity_assignments" VALUES('7c927cb902504f15ab1bcfb86f43304a','ba20c8b5c4464b82aa9724d423f991bd','member');
CREATE TABLE identity_projects (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	description VARCHAR NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "identity_projects" VALUES('6c4abc20ef3d4b9cadecd09e42b2716e','admin','',1);
INSERT INTO "identity_projects" VALUES('ba20c8b5c4464b82aa9724d423f991bd','demo','',1);
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
INSERT INTO "identity_tokens" VALUES('15cfd0e46ebc372df1e2b675ee1bf86ca16e52a2266ed5319a4a0dca7a60dd8c','de3b501cc3384e59922b6853b2ecee54','6c4abc20ef3d4b9cadecd09e42b2716e','["password"]','["_o9IZs3zzwAxaQn_1QMZHA"]','2026-11-25 00:31:57.924778','2026-11-25 04:31:57.923795');
INSERT INTO "identity_tokens" VALUES('4d4bc4d071f36a0815d2af8fcd6943ab1ca46058cf8a425ae22f94173c616de3','de3b501cc3384e59922b6853b2ecee54','6c4abc20ef3d4b9cadecd09e42b2716e','["password"]','["1SDTNT4vODLmx0FfxOT2kg"]','2026-11-25 00:31:58.104233','2026-11-25 04:31:58.103912');
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
INSERT INTO "identity_users" VALUES('de3b501cc3384e59922b6853b2ecee54','admin','',NULL,1,NULL,'c0b5c8ccbc296c20dffe7e34337609fc:16bebbcc181e80c8d84fd0ef16616475b9baed858af508c556c02bc0ff17059813d70d6f53259161267ad4dc9eb51557fb22b225225e69c69937d9db0e152a46');
INSERT INTO "identity_users" VALUES('7c927cb902504f15ab1bcfb86f43304a','demo','',NULL,1,NULL,'348d4c9b4226dadc4b8fe34e6b9344e3:ecabc6dc74e91bb088f0f005c5bc6b58bd3575c1a1ce82a0fa36bff984ddff8e4c327ab61c6a6af80d983e70038b52e7faf73af9d965af35f955c9814a07ae5f');
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
INSERT INTO "image_images" VALUES('92553380-e5b7-4b1c-9e9e-89448570b342','local-spark','6c4abc20ef3d4b9cadecd09e42b2716e','active','public',0,0,0,0,'bare','raw',0,'d41d8cd98f00b204e9800998ecf8427e','[]','{"_sahara_username": "ubuntu", "_sahara_description": "d", "_sahara_tag_fake": "True", "_sahara_tag_0.1": "True"}','2026-11-25 00:31:57.000000','2026-11-25 00:31:58.000000');
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
INSERT INTO "instances" VALUES('9a7a1aca-bd3b-4704-86ef-234b1fd6e9b0','3fb4be48-47df-42d8-a244-89e6eee5c521','active-m-0','127.77.0.1','127.77.0.1',0,NULL,'38708f10-6d2d-4a91-9a0a-92cefdd568be','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.358054','2026-11-25 00:31:58.359213');
INSERT INTO "instances" VALUES('b1fa28b9-0df0-460a-b5bc-e86d32736d9d','d049b5cc-edc6-43ba-a9ee-5c767e79f5f1','active-w-1','127.77.0.2','127.77.0.2',0,NULL,'96ee09fd-f053-42e7-833a-aa60d2a840b6','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.358073','2026-11-25 00:31:58.359194');
INSERT INTO "instances" VALUES('03317218-9292-4150-a1bc-0baf5cd42f0c','a5f5c454-c096-4e10-a790-d8383342fcbd','starting-m-0','127.77.0.1','127.77.0.1',0,NULL,'51de90a8-2048-46f9-9aa0-ae5d02e4c6c3','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.645836','2026-11-25 00:31:58.646986');
INSERT INTO "instances" VALUES('d2cbe3f6-b038-489b-8b67-54d22b54e577','1d97c6ae-819f-48fb-97e2-febd2bb6ca63','starting-w-1','127.77.0.2','127.77.0.2',0,NULL,'e497bb23-9f77-4414-be85-27471031c8c6','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.645852','2026-11-25 00:31:58.647003');
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
CREATE TABLE network_networks (
	id VARCHAR(36) NOT NULL, 
	subnet_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	cidr VARCHAR(64) NOT NULL, 
	external BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "network_networks" VALUES('e45f5db1-7d6a-45c4-b68b-c471d63bdb3f','c15e8111-88a8-4e4d-8149-8c46d4511755','private','6c4abc20ef3d4b9cadecd09e42b2716e','10.0.0.0/24',0);
INSERT INTO "network_networks" VALUES('93cbb17f-24f5-4b36-9440-2f38f1eff617','aee09d82-9f56-4530-8e8d-a8f8e593aa75','public','6c4abc20ef3d4b9cadecd09e42b2716e','172.24.4.0/24',1);
CREATE TABLE network_security_group_rules (
	id VARCHAR(36) NOT NULL, 
	security_group_id VARCHAR(36) NOT NULL, 
	fields JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(security_group_id) REFERENCES network_security_groups (id) ON DELETE CASCADE
);
INSERT INTO "network_security_group_rules" VALUES('7a0754cd-868d-4bf4-9f31-fe0652a99eaa','d4489a5c-e106-4f06-bcd5-42a1a0f9c90e','{"direction": "egress", "ethertype": "IPv4"}');
INSERT INTO "network_security_group_rules" VALUES('d5ab69b4-426c-4ffb-8e0b-6301457c44b5','d4489a5c-e106-4f06-bcd5-42a1a0f9c90e','{"direction": "egress", "ethertype": "IPv6"}');
INSERT INTO "network_security_group_rules" VALUES('3abbed8f-9c83-47f5-812b-79e24f848937','1dd549f0-3039-4377-bdad-7158a8e86d88','{"direction": "egress", "ethertype": "IPv4"}');
INSERT INTO "network_security_group_rules" VALUES('dbe6e522-1d84-4da6-8a4b-93db58aa0112','1dd549f0-3039-4377-bdad-7158a8e86d88','{"direction": "egress", "ethertype": "IPv6"}');
CREATE TABLE network_security_groups (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "network_security_groups" VALUES('d4489a5c-e106-4f06-bcd5-42a1a0f9c90e','6c4abc20ef3d4b9cadecd09e42b2716e','default','Default security group');
INSERT INTO "network_security_groups" VALUES('1dd549f0-3039-4377-bdad-7158a8e86d88','ba20c8b5c4464b82aa9724d423f991bd','default','Default security group');
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
INSERT INTO "node_groups" VALUES(0,'m',1,'8c977286-6cbd-4092-bed9-e754f8ee34cc',NULL,'9a7a1aca-bd3b-4704-86ef-234b1fd6e9b0','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.272212',NULL,'1',NULL,'["namenode"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
INSERT INTO "node_groups" VALUES(1,'w',1,'8c977286-6cbd-4092-bed9-e754f8ee34cc',NULL,'b1fa28b9-0df0-460a-b5bc-e86d32736d9d','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.272227',NULL,'1',NULL,'["datanode"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
INSERT INTO "node_groups" VALUES(0,'m',1,'6f4eb998-b99c-41ec-91bc-a6ba514003c0',NULL,'03317218-9292-4150-a1bc-0baf5cd42f0c','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.592635',NULL,'1',NULL,'["namenode"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
INSERT INTO "node_groups" VALUES(1,'w',1,'6f4eb998-b99c-41ec-91bc-a6ba514003c0',NULL,'d2cbe3f6-b038-489b-8b67-54d22b54e577','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.592649',NULL,'1',NULL,'["datanode"]','{}',0,0,NULL,'/volumes/disk',NULL,0,NULL,NULL,0,NULL,NULL,0,NULL,0,0,1,NULL);
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
INSERT INTO "provision_steps" VALUES(0,'8c977286-6cbd-4092-bed9-e754f8ee34cc','Create Heat stack','Engine: create cluster',1,1,'[]','77491c5c-6253-42c7-a093-faf38b2414d7','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.396069','2026-11-25 00:31:58.400755');
INSERT INTO "provision_steps" VALUES(1,'8c977286-6cbd-4092-bed9-e754f8ee34cc','Assign IPs','Engine: create cluster',2,1,'[]','df955e2f-cdcc-4f3c-bc43-056f1db0fddb','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.425316','2026-11-25 00:31:58.432131');
INSERT INTO "provision_steps" VALUES(2,'8c977286-6cbd-4092-bed9-e754f8ee34cc','Wait for instance accessibility','Engine: create cluster',2,1,'[]','7380b320-7323-4abc-9e3d-477b366dd1bb','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.448787','2026-11-25 00:31:58.459068');
INSERT INTO "provision_steps" VALUES(3,'8c977286-6cbd-4092-bed9-e754f8ee34cc','Configure instances','Engine: create cluster',2,1,'[]','5d7fee81-572d-415b-a58b-fb5c298acb2a','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.463919','2026-11-25 00:31:58.466994');
INSERT INTO "provision_steps" VALUES(0,'6f4eb998-b99c-41ec-91bc-a6ba514003c0','Create Heat stack','Engine: create cluster',1,1,'[]','3050a4a9-a940-4073-90c6-96289c23563f','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.681054','2026-11-25 00:31:58.694444');
INSERT INTO "provision_steps" VALUES(1,'6f4eb998-b99c-41ec-91bc-a6ba514003c0','Assign IPs','Engine: create cluster',2,1,'[]','46d0311e-04c1-4a0f-89d7-155231b763d2','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:59.710122','2026-11-25 00:31:59.714529');
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
INSERT INTO "verifications" VALUES('8c977286-6cbd-4092-bed9-e754f8ee34cc','GREEN','[{"name": "Check of instances accessibility", "status": "GREEN", "description": "Cluster active has 2 instances and no processes"}]','ab4ed9ab-3c5e-416b-a2a7-fffcbbe28cd2','6c4abc20ef3d4b9cadecd09e42b2716e','2026-11-25 00:31:58.516277','2026-11-25 00:31:58.527967');
CREATE INDEX ix_network_security_groups_project_id ON network_security_groups (project_id);
CREATE INDEX ix_node_group_templates_project_name ON node_group_templates (project_id, name, id);
CREATE INDEX ix_node_group_templates_project ON node_group_templates (project_id, id);
CREATE INDEX ix_node_group_templates_plugin_name ON node_group_templates (plugin_name);
CREATE INDEX ix_node_group_templates_public ON node_group_templates (is_public, id);
CREATE INDEX ix_node_group_templates_name ON node_group_templates (name);
CREATE INDEX ix_cluster_templates_public ON cluster_templates (is_public, id);
CREATE INDEX ix_cluster_templates_plugin_name ON cluster_templates (plugin_name);
CREATE INDEX ix_cluster_templates_project ON cluster_templates (project_id, id);
CREATE INDEX ix_cluster_templates_project_name ON cluster_templates (project_id, name, id);
CREATE INDEX ix_cluster_templates_name ON cluster_templates (name);
CREATE INDEX ix_data_sources_type ON data_sources (type);
CREATE INDEX ix_data_sources_project_name ON data_sources (project_id, name, id);
CREATE INDEX ix_data_sources_name ON data_sources (name);
CREATE INDEX ix_data_sources_public ON data_sources (is_public, id);
CREATE INDEX ix_data_sources_project ON data_sources (project_id, id);
CREATE INDEX ix_job_binaries_public ON job_binaries (is_public, id);
CREATE INDEX ix_job_binaries_project ON job_binaries (project_id, id);
CREATE INDEX ix_job_binaries_name ON job_binaries (name);
CREATE INDEX ix_job_binaries_project_name ON job_binaries (project_id, name, id);
CREATE INDEX ix_job_binary_internals_project ON job_binary_internals (project_id, id);
CREATE INDEX ix_job_binary_internals_name ON job_binary_internals (name);
CREATE INDEX ix_job_binary_internals_project_name ON job_binary_internals (project_id, name, id);
CREATE INDEX ix_job_binary_internals_public ON job_binary_internals (is_public, id);
CREATE INDEX ix_job_templates_project ON job_templates (project_id, id);
CREATE INDEX ix_job_templates_project_name ON job_templates (project_id, name, id);
CREATE INDEX ix_job_templates_type ON job_templates (type);
CREATE INDEX ix_job_templates_public ON job_templates (is_public, id);
CREATE INDEX ix_job_templates_name ON job_templates (name);
CREATE INDEX ix_clusters_name ON clusters (name);
CREATE INDEX ix_clusters_plugin_name ON clusters (plugin_name);
CREATE INDEX ix_clusters_public ON clusters (is_public, id);
CREATE INDEX ix_clusters_status ON clusters (status);
CREATE INDEX ix_clusters_project_name ON clusters (project_id, name, id);
CREATE INDEX ix_clusters_cluster_template_id ON clusters (cluster_template_id);
CREATE INDEX ix_clusters_project ON clusters (project_id, id);
CREATE INDEX ix_template_node_groups_cluster_template_id ON template_node_groups (cluster_template_id);
CREATE INDEX ix_template_node_groups_node_group_template_id ON template_node_groups (node_group_template_id);
CREATE INDEX ix_job_template_mains_job_binary_id ON job_template_mains (job_binary_id);
CREATE INDEX ix_job_template_libs_job_binary_id ON job_template_libs (job_binary_id);
CREATE INDEX ix_interface_arguments_job_id ON interface_arguments (job_id);
CREATE INDEX ix_identity_tokens_expires_at ON identity_tokens (expires_at);
CREATE INDEX ix_node_groups_cluster_id ON node_groups (cluster_id);
CREATE INDEX ix_node_groups_node_group_template_id ON node_groups (node_group_template_id);
CREATE INDEX ix_provision_steps_cluster_id ON provision_steps (cluster_id);
CREATE UNIQUE INDEX ix_verifications_cluster_id ON verifications (cluster_id);
CREATE INDEX ix_job_executions_output_id ON job_executions (output_id);
CREATE INDEX ix_job_executions_status ON job_executions (status);
CREATE INDEX ix_job_executions_job_template_id ON job_executions (job_template_id);
CREATE INDEX ix_job_executions_end_time ON job_executions (end_time);
CREATE INDEX ix_job_executions_project_status ON job_executions (project_id, status, id);
CREATE INDEX ix_job_executions_project_template ON job_executions (project_id, job_template_id, id);
CREATE INDEX ix_job_executions_project_cluster ON job_executions (project_id, coalesce(cluster_id, ''), id);
CREATE INDEX ix_job_executions_cluster_id ON job_executions (cluster_id);
CREATE INDEX ix_job_executions_input_id ON job_executions (input_id);
CREATE INDEX ix_job_executions_public ON job_executions (is_public, id);
CREATE INDEX ix_job_executions_project ON job_executions (project_id, id);
CREATE INDEX ix_instances_node_group_id ON instances (node_group_id);
COMMIT;
