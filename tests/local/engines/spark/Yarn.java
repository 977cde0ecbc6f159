import java.io.File;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.ipc.Server;
import org.apache.hadoop.security.token.SecretManager;
import org.apache.hadoop.yarn.api.ApplicationClientProtocol;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.ApplicationMasterProtocol;
import org.apache.hadoop.yarn.api.ContainerManagementProtocol;
import org.apache.hadoop.yarn.api.protocolrecords.*;
import org.apache.hadoop.yarn.api.records.*;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.ipc.YarnRPC;
import org.apache.hadoop.yarn.security.NMTokenIdentifier;
import org.apache.hadoop.yarn.util.Records;

/**
 * A stand-in for YARN's resource manager and its one node: Hadoop's own protocols on the loopback interface, containers as
 * processes of this machine. What Spark does on YARN is real: its client submits an application, its application master
 * registers and asks for containers, and both run with the files, environment and command that they were launched with.
 *
 * <p>{@code java -cp 'jars/*' Yarn.java FOLDER} writes {@code yarn-site.xml} into the folder, logs of containers beside it,
 * and serves until its standard input ends.
 */
public class Yarn {
    private static final Resource NODE = Resource.newInstance(8192, 8);

    private final Path folder;
    private final Configuration conf = new YarnConfiguration(new Configuration(false));
    private final Map<ApplicationId, Application> applications = new ConcurrentHashMap<>();
    private final Map<ContainerId, Process> processes = new ConcurrentHashMap<>();
    private final long started = System.currentTimeMillis();
    private NodeId node;
    private int numbers;

    /** An application: what was submitted, how it stands, and the containers that were given to it. */
    private static class Application {
        ApplicationSubmissionContext submitted;
        YarnApplicationState state = YarnApplicationState.ACCEPTED;
        FinalApplicationStatus end = FinalApplicationStatus.UNDEFINED;
        String diagnostics = "";
        String host = "";
        int port;
        long containers = 1;
        int responses;
        final List<ContainerId> running = new ArrayList<>();
    }

    private Yarn(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] words) throws Exception {
        Yarn yarn = new Yarn(Path.of(words[0]));
        yarn.start();
        System.out.println("ready");
        while (System.in.read() >= 0) { }
        yarn.processes.values().forEach(Yarn::end);
        System.exit(0);
    }

    private void start() throws Exception {
        conf.set("fs.defaultFS", "file:///");
        conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
        conf.set(YarnConfiguration.RM_ADDRESS, address(serve(ApplicationClientProtocol.class, this::client, null)));
        conf.set(YarnConfiguration.RM_SCHEDULER_ADDRESS, address(serve(ApplicationMasterProtocol.class, this::master, null)));
        InetSocketAddress manager = serve(ContainerManagementProtocol.class, this::node, new Secrets());
        node = NodeId.newInstance("127.0.0.1", manager.getPort());
        try (var file = Files.newOutputStream(folder.resolve("yarn-site.xml"))) {
            conf.writeXml(file);
        }
    }

    private <T> InetSocketAddress serve(Class<T> protocol, InvocationHandler handler, Secrets secrets) {
        Object service = Proxy.newProxyInstance(Yarn.class.getClassLoader(), new Class<?>[] {protocol}, handler);
        Server server = YarnRPC.create(conf)
            .getServer(protocol, service, new InetSocketAddress("127.0.0.1", 0), conf, secrets, 4);
        server.start();
        return server.getListenerAddress();
    }

    private static String address(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    // --- the resource manager, as clients see it ---

    private synchronized Object client(Object proxy, java.lang.reflect.Method method, Object[] words) throws Exception {
        switch (method.getName()) {
            case "getNewApplication": {
                ApplicationId id = ApplicationId.newInstance(started, ++numbers);
                return GetNewApplicationResponse.newInstance(id, Resource.newInstance(1, 1), NODE);
            }
            case "getClusterMetrics":
                return GetClusterMetricsResponse.newInstance(YarnClusterMetrics.newInstance(1));
            case "submitApplication": {
                Application application = new Application();
                application.submitted = ((SubmitApplicationRequest) words[0]).getApplicationSubmissionContext();
                ApplicationId id = application.submitted.getApplicationId();
                applications.put(id, application);
                ContainerId first = ContainerId.newContainerId(ApplicationAttemptId.newInstance(id, 1), 1);
                launch(first, application.submitted.getAMContainerSpec());
                return Records.newRecord(SubmitApplicationResponse.class);
            }
            case "getApplicationReport":
                return GetApplicationReportResponse.newInstance(report(((GetApplicationReportRequest) words[0]).getApplicationId()));
            case "forceKillApplication": {
                ApplicationId id = ((KillApplicationRequest) words[0]).getApplicationId();
                Application application = applications.get(id);
                application.state = YarnApplicationState.KILLED;
                application.end = FinalApplicationStatus.KILLED;
                endContainers(id);
                return KillApplicationResponse.newInstance(true);
            }
            default:
                throw new UnsupportedOperationException("This resource manager does not do " + method.getName());
        }
    }

    private ApplicationReport report(ApplicationId id) {
        Application application = applications.get(id);
        ContainerId first = ContainerId.newContainerId(ApplicationAttemptId.newInstance(id, 1), 1);
        Process master = processes.get(first);
        if (application.state == YarnApplicationState.RUNNING && master != null && !master.isAlive()) {
            application.state = YarnApplicationState.FAILED;
            application.end = FinalApplicationStatus.FAILED;
            endContainers(id);
        }
        return ApplicationReport.newInstance(
            id, first.getApplicationAttemptId(), "user", "default", application.submitted.getApplicationName(),
            application.host, application.port, null, application.state, application.diagnostics, "", started, started, 0L,
            application.end, null, "", 1f, "SPARK", null);
    }

    // --- the resource manager, as application masters see it ---

    private synchronized Object master(Object proxy, java.lang.reflect.Method method, Object[] words) throws Exception {
        // Security is off, so no token says which application calls: there is one at a time.
        Application application = applications.values().stream()
            .filter(one -> one.end == FinalApplicationStatus.UNDEFINED).findFirst().orElseThrow();
        ApplicationId id = application.submitted.getApplicationId();
        switch (method.getName()) {
            case "registerApplicationMaster": {
                RegisterApplicationMasterRequest request = (RegisterApplicationMasterRequest) words[0];
                application.state = YarnApplicationState.RUNNING;
                application.host = request.getHost();
                application.port = request.getRpcPort();
                return RegisterApplicationMasterResponse.newInstance(
                    Resource.newInstance(1, 1), NODE, Map.of(), null, List.of(), "default", List.of());
            }
            case "allocate":
                return allocate(id, application, (AllocateRequest) words[0]);
            case "finishApplicationMaster": {
                FinishApplicationMasterRequest request = (FinishApplicationMasterRequest) words[0];
                application.end = request.getFinalApplicationStatus();
                application.diagnostics = request.getDiagnostics();
                application.state = YarnApplicationState.FINISHED;
                endContainers(id);
                return FinishApplicationMasterResponse.newInstance(true);
            }
            default:
                throw new UnsupportedOperationException("This resource manager does not do " + method.getName());
        }
    }

    private AllocateResponse allocate(ApplicationId id, Application application, AllocateRequest request) throws Exception {
        List<Container> given = new ArrayList<>();
        List<NMToken> tokens = new ArrayList<>();
        for (ResourceRequest ask : request.getAskList()) {
            // The same containers are asked for anywhere, on their rack and on their node: once is enough.
            for (int n = 0; ResourceRequest.isAnyLocation(ask.getResourceName()) && n < ask.getNumContainers(); n++) {
                ContainerId container = ContainerId.newContainerId(ApplicationAttemptId.newInstance(id, 1), ++application.containers);
                application.running.add(container);
                byte[] name = container.toString().getBytes();
                Token token = Token.newInstance(name, "ContainerToken", new byte[0], node.toString());
                Container one = Container.newInstance(container, node, "127.0.0.1:1", ask.getCapability(), ask.getPriority(), token);
                one.setAllocationRequestId(ask.getAllocationRequestId());
                given.add(one);
                NMTokenIdentifier identifier = new NMTokenIdentifier(container.getApplicationAttemptId(), node, "user", 1);
                tokens.add(NMToken.newInstance(node,
                    Token.newInstance(identifier.getBytes(), NMTokenIdentifier.KIND.toString(), Secrets.PASSWORD, node.toString())));
            }
        }
        List<ContainerStatus> ended = new ArrayList<>();
        for (ContainerId container : request.getReleaseList()) {
            end(processes.get(container));
        }
        for (ContainerId container : List.copyOf(application.running)) {
            Process process = processes.get(container);
            if (process != null && !process.isAlive()) {
                application.running.remove(container);
                ended.add(ContainerStatus.newInstance(container, ContainerState.COMPLETE, "", process.exitValue()));
            }
        }
        return AllocateResponse.newBuilder()
            .responseId(++application.responses).completedContainersStatuses(ended).allocatedContainers(given)
            .updatedNodes(List.of()).availableResources(NODE).numClusterNodes(1).nmTokens(tokens).build();
    }

    // --- the node ---

    private Object node(Object proxy, java.lang.reflect.Method method, Object[] words) throws Exception {
        switch (method.getName()) {
            case "startContainers": {
                List<ContainerId> launched = new ArrayList<>();
                for (StartContainerRequest request : ((StartContainersRequest) words[0]).getStartContainerRequests()) {
                    ByteBuffer name = request.getContainerToken().getIdentifier();
                    ContainerId container = ContainerId.fromString(new String(bytes(name)));
                    launch(container, request.getContainerLaunchContext());
                    launched.add(container);
                }
                return StartContainersResponse.newInstance(Map.of(), launched, Map.of());
            }
            case "stopContainers": {
                List<ContainerId> ids = ((StopContainersRequest) words[0]).getContainerIds();
                ids.forEach(id -> end(processes.get(id)));
                return StopContainersResponse.newInstance(ids, Map.of());
            }
            default:
                throw new UnsupportedOperationException("This node does not do " + method.getName());
        }
    }

    /** Puts a container's files into a folder of its own and starts its command there. */
    private void launch(ContainerId id, ContainerLaunchContext context) throws Exception {
        Path home = Files.createDirectories(folder.resolve(id.toString()));
        for (Map.Entry<String, LocalResource> entry : context.getLocalResources().entrySet()) {
            File source = new File(entry.getValue().getResource().getFile());
            Path target = home.resolve(entry.getKey());
            if (entry.getValue().getType() == LocalResourceType.ARCHIVE) {
                FileUtil.unZip(source, target.toFile());
            } else {
                Files.copy(source.toPath(), target);
            }
        }
        Files.write(home.resolve("container_tokens"), context.getTokens() == null ? new byte[0] : bytes(context.getTokens()));
        Map<String, String> own = new LinkedHashMap<>();
        own.put("JAVA_HOME", System.getProperty("java.home"));
        own.put("PATH", System.getenv("PATH"));
        own.put("HADOOP_CONF_DIR", folder.toString());
        own.put("PWD", home.toString());
        own.put("CONTAINER_ID", id.toString());
        own.put("LOCAL_DIRS", home.toString());
        own.put("LOG_DIRS", home.toString());
        own.put("USER", "user");
        own.put("NM_HOST", node.getHost());
        own.put("NM_PORT", String.valueOf(node.getPort()));
        own.put("NM_HTTP_PORT", "1");
        own.put("HADOOP_TOKEN_FILE_LOCATION", home.resolve("container_tokens").toString());
        own.put("APPLICATION_WEB_PROXY_BASE", "/proxy");
        StringBuilder script = new StringBuilder();
        own.forEach((name, value) -> script.append("export ").append(name).append("=\"").append(value).append("\"\n"));
        new TreeMap<>(context.getEnvironment()).forEach(
            (name, value) -> script.append("export ").append(name).append("=\"").append(expanded(value, home)).append("\"\n"));
        script.append("exec ").append(expanded(String.join(" ", context.getCommands()), home)).append("\n");
        Files.writeString(home.resolve("launch.sh"), script);
        File log = home.resolve("log").toFile();
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "launch.sh").directory(home.toFile());
        builder.environment().clear();
        processes.put(id, builder.redirectErrorStream(true).redirectOutput(log).start());
    }

    private static String expanded(String text, Path home) {
        return text.replace(ApplicationConstants.LOG_DIR_EXPANSION_VAR, home.toString())
            .replace(ApplicationConstants.CLASS_PATH_SEPARATOR, ":").replaceAll("\\{\\{(\\w+)\\}\\}", "\\$$1");
    }

    private void endContainers(ApplicationId id) {
        processes.forEach((container, process) -> {
            boolean master = container.getContainerId() == 1;
            if (container.getApplicationAttemptId().getApplicationId().equals(id) && !master) {
                end(process);
            }
        });
    }

    private static void end(Process process) {
        if (process != null) {
            process.destroy();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.duplicate().get(content);
        return content;
    }

    /** Every token of this node is good. */
    private static class Secrets extends SecretManager<NMTokenIdentifier> {
        static final byte[] PASSWORD = "of this node".getBytes();

        @Override
        protected byte[] createPassword(NMTokenIdentifier identifier) {
            return PASSWORD;
        }

        @Override
        public byte[] retrievePassword(NMTokenIdentifier identifier) {
            return PASSWORD;
        }

        @Override
        public NMTokenIdentifier createIdentifier() {
            return new NMTokenIdentifier();
        }
    }
}
