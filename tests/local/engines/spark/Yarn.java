import java.io.File;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
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
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.SecretManager;
import org.apache.hadoop.yarn.api.ApplicationClientProtocol;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.ApplicationMasterProtocol;
import org.apache.hadoop.yarn.api.ContainerManagementProtocol;
import org.apache.hadoop.yarn.api.protocolrecords.*;
import org.apache.hadoop.yarn.api.records.*;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.ipc.YarnRPC;
import org.apache.hadoop.yarn.logaggregation.AggregatedLogFormat;
import org.apache.hadoop.yarn.logaggregation.ContainerLogAggregationType;
import org.apache.hadoop.yarn.logaggregation.LogAggregationUtils;
import org.apache.hadoop.yarn.logaggregation.LogToolUtils;
import org.apache.hadoop.yarn.logaggregation.filecontroller.LogAggregationFileControllerFactory;
import org.apache.hadoop.yarn.security.NMTokenIdentifier;
import org.apache.hadoop.yarn.util.Records;

/**
 * A stand-in for YARN's resource manager and its one node: Hadoop's own protocols on the loopback interface, containers as
 * processes of this machine. What Spark does on YARN is real: its client submits an application, its application master
 * registers and asks for containers, and both run with the files, environment and command that they were launched with. The
 * node tells by HTTP what a container prints while it runs; when an application has ended, its logs are where YARN gathers them.
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
    private HttpServer web;
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
        conf.set(YarnConfiguration.LOG_AGGREGATION_ENABLED, "true");
        conf.set(YarnConfiguration.NM_REMOTE_APP_LOG_DIR, folder.resolve("gathered").toString());
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.createContext("/ws/v1/node/containers/", this::log);
        web.start();
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
            case "getApplications": {
                List<ApplicationReport> found = new ArrayList<>();
                for (Map.Entry<ApplicationId, Application> one : applications.entrySet()) {
                    if (one.getValue().submitted.getApplicationTags().containsAll(((GetApplicationsRequest) words[0]).getApplicationTags())) {
                        found.add(report(one.getKey()));
                    }
                }
                return GetApplicationsResponse.newInstance(found);
            }
            case "getApplicationAttemptReport": {
                ApplicationAttemptId attempt = ((GetApplicationAttemptReportRequest) words[0]).getApplicationAttemptId();
                return GetApplicationAttemptReportResponse.newInstance(ApplicationAttemptReport.newInstance(
                    attempt, "", 0, "", "", "", YarnApplicationAttemptState.RUNNING, ContainerId.newContainerId(attempt, 1)));
            }
            case "getContainerReport": {
                ContainerId container = ((GetContainerReportRequest) words[0]).getContainerId();
                return GetContainerReportResponse.newInstance(ContainerReport.newInstance(
                    container, NODE, node, Priority.newInstance(0), started, 0, "", "", 0, ContainerState.RUNNING,
                    "http://" + address(web.getAddress())));
            }
            case "getApplicationReport":
                return GetApplicationReportResponse.newInstance(report(((GetApplicationReportRequest) words[0]).getApplicationId()));
            case "forceKillApplication": {
                ApplicationId id = ((KillApplicationRequest) words[0]).getApplicationId();
                Application application = applications.get(id);
                application.state = YarnApplicationState.KILLED;
                application.end = FinalApplicationStatus.KILLED;
                endContainers(id);
                end(processes.get(ContainerId.newContainerId(ApplicationAttemptId.newInstance(id, 1), 1)));
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
        boolean lost = application.end == FinalApplicationStatus.UNDEFINED && master != null && !master.isAlive();
        if (lost) {
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

    private Path logs(ContainerId id) {
        return folder.resolve("logs").resolve(id.getApplicationAttemptId().getApplicationId().toString()).resolve(id.toString());
    }

    /** Answers with what a running container has printed, in the form that YARN gives it. */
    private void log(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        ContainerId id = ContainerId.fromString(path[5]);
        File file = logs(id).resolve(path[7]).toFile();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean found = processes.get(id).isAlive() && file.exists();
        if (found) {
            try (FileInputStream input = new FileInputStream(file)) {
                LogToolUtils.outputContainerLog(id.toString(), node.toString(), path[7], file.length(), Long.MAX_VALUE, "now",
                    input, content, new byte[65536], ContainerLogAggregationType.LOCAL);
            }
        }
        exchange.sendResponseHeaders(found ? 200 : 404, content.size() == 0 ? -1 : content.size());
        exchange.getResponseBody().write(content.toByteArray());
        exchange.close();
    }

    /** Puts the logs of an application's first container where YARN gathers them. */
    private void gather(ContainerId id) {
        try (var writer = new AggregatedLogFormat.LogWriter()) {
            ApplicationId application = id.getApplicationAttemptId().getApplicationId();
            Configuration usual = new YarnConfiguration();
            usual.set(YarnConfiguration.NM_REMOTE_APP_LOG_DIR, conf.get(YarnConfiguration.NM_REMOTE_APP_LOG_DIR));
            var target = new LogAggregationFileControllerFactory(usual).getFileControllerForWrite();
            var file = target.getRemoteNodeLogFileForApp(application, "user", node);
            Files.createDirectories(Path.of(file.toUri().getPath()).getParent());
            writer.initialize(usual, file, UserGroupInformation.getCurrentUser());
            writer.writeApplicationOwner("user");
            writer.writeApplicationACLs(Map.of());
            List<String> roots = List.of(folder.resolve("logs").toString());
            writer.append(new AggregatedLogFormat.LogKey(id), new AggregatedLogFormat.LogValue(roots, id, "user"));
        } catch (Exception error) {
            error.printStackTrace();
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
        own.put("LOG_DIRS", Files.createDirectories(logs(id)).toString());
        own.put("USER", "user");
        own.put("NM_HOST", node.getHost());
        own.put("NM_PORT", String.valueOf(node.getPort()));
        own.put("NM_HTTP_PORT", "1");
        own.put("HADOOP_TOKEN_FILE_LOCATION", home.resolve("container_tokens").toString());
        own.put("APPLICATION_WEB_PROXY_BASE", "/proxy");
        StringBuilder script = new StringBuilder();
        own.forEach((name, value) -> script.append("export ").append(name).append("=\"").append(value).append("\"\n"));
        new TreeMap<>(context.getEnvironment()).forEach(
            (name, value) -> script.append("export ").append(name).append("=\"").append(expanded(value, logs(id))).append("\"\n"));
        script.append("exec ").append(expanded(String.join(" ", context.getCommands()), logs(id))).append("\n");
        Files.writeString(home.resolve("launch.sh"), script);
        File log = home.resolve("log").toFile();
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "launch.sh").directory(home.toFile());
        builder.environment().clear();
        Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
        processes.put(id, process);
        if (id.getContainerId() == 1) {
            process.onExit().thenRun(() -> gather(id));
        }
    }

    private static String expanded(String text, Path logs) {
        return text.replace(ApplicationConstants.LOG_DIR_EXPANSION_VAR, logs.toString())
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
            process.descendants().forEach(ProcessHandle::destroy);
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
