package dev.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.demo.stage.Bootstrap.Beside;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A control plane with one shop, and the nodes that a test starts under it, each a process of its
 * own. Owned by the test's thread.
 */
final class Site implements AutoCloseable {
    /** Where users come in, unless a node is told to stand elsewhere. */
    static final String EDGE = "127.0.0.1";

    private final Path folder;
    private final Running running = new Running();
    private final Arms arms;
    private final List<String> options;
    private final int adminPort = Spawned.freePort();
    private final int xdsPort = Spawned.freePort();
    private final int listenPort = Spawned.freePort();
    private Spawned control;
    private final Shop shop;

    private Site(Path folder, Arms arms, List<String> options) throws IOException {
        this.folder = folder;
        this.options = options;
        this.arms = running.keep(arms);
        this.control = spawnControl();
        this.shop = running.keep(Shop.at(adminPort, state()));
        shop.create(listenPort, arms);
    }

    /**
     * Starts the control plane and tells it of the shop, at share 0.
     *
     * @param options more options of the control plane
     */
    static Site open(Path folder, String... options) throws IOException {
        return new Site(folder, Arms.http(), List.of(options));
    }

    /** The same with versions that speak gRPC. */
    static Site openWithGrpc(Path folder) throws IOException {
        return new Site(folder, Arms.grpc(), List.of());
    }

    /** A node: where its admin listener is, and what runs it. */
    record Node(Spawned process, URI admin) {
        /** Kills the shop's gate at this node alone; its answer's status. */
        int kill(String reason) throws IOException, InterruptedException {
            URI order =
                    admin.resolve(
                            "/" + Shop.GATE + "/kill?reason=" + URLEncoder.encode(reason, UTF_8));
            try (HttpClient http = HttpClient.newHttpClient()) {
                return http.send(
                                HttpRequest.newBuilder(order)
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            }
        }

        /** Status of {@code /ready}; 0 when nobody answers. */
        int readiness() {
            try (HttpClient http = HttpClient.newHttpClient()) {
                return http.send(
                                HttpRequest.newBuilder(admin.resolve("/ready")).build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                return 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
    }

    /** Starts a node where users come in. */
    Node start(DataPlane plane, String id) throws IOException {
        return start(plane, id, EDGE);
    }

    /**
     * Starts a node; it is not ready yet. One of ours keeps its last good state by its id.
     *
     * @param address that its listeners bind
     */
    Node start(DataPlane plane, String id, String address) throws IOException {
        return start(plane, id, new Beside("edge", Optional.empty(), address));
    }

    /** Starts a node beside a version of the shop; it is not ready yet. */
    Node startBeside(DataPlane plane, String id, String version, String address)
            throws IOException {
        return start(plane, id, new Beside("shop", Optional.of(version), address));
    }

    private Node start(DataPlane plane, String id, Beside beside) throws IOException {
        int port = Spawned.freePort();
        Bootstrap bootstrap = new Bootstrap(id, beside, plane.protocol(), port, xdsPort);
        Path file = Files.writeString(folder.resolve(id + ".yaml"), bootstrap.yaml());
        Spawned process =
                switch (plane) {
                    case ENVOY_SOTW, ENVOY_DELTA -> Spawned.envoy(file);
                    case SLUICE_SOTW, SLUICE_DELTA ->
                            Spawned.proxy(file, "--state", folder.resolve(id).toString());
                };
        return new Node(
                running.keep(process), URI.create("http://" + beside.address() + ":" + port));
    }

    /** Users of the node at an address. */
    Caller usersAt(String address) {
        return running.keep(new Caller(address, listenPort));
    }

    /** Users of the node at an address who speak gRPC. */
    GrpcUsers grpcUsersAt(String address) {
        return running.keep(GrpcUsers.of(address, listenPort));
    }

    /** Users in a gRPC client that is a node itself. */
    GrpcUsers usersWithoutProxy(String node) {
        return running.keep(GrpcUsers.withoutProxy(node, xdsPort));
    }

    Shop shop() {
        return shop;
    }

    Arms arms() {
        return arms;
    }

    /** Address of the admin API. */
    String admin() {
        return "127.0.0.1:" + adminPort;
    }

    /** Where users of {@link #EDGE} call. */
    URI edge() {
        return URI.create("http://" + EDGE + ":" + listenPort + "/");
    }

    /** The control plane's folder. */
    Path state() {
        return folder.resolve("control");
    }

    <T extends AutoCloseable> T keep(T part) {
        return running.keep(part);
    }

    /** {@code kill -9}. */
    void killControl() throws InterruptedException {
        control.kill();
    }

    /** Starts it again, on the same addresses and state. */
    void startControl() throws IOException {
        control = spawnControl();
    }

    private Spawned spawnControl() throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "dev.sluice.control.boot.Main",
                                "--listen",
                                admin(),
                                "--xds-listen",
                                "127.0.0.1:" + xdsPort,
                                "--web-listen",
                                "127.0.0.1:0",
                                "--state",
                                state().toString()));
        command.addAll(options);
        Spawned started = running.keep(Spawned.java("sluice control ready", command));
        started.awaitReady();
        return started;
    }

    @Override
    public void close() {
        running.close();
    }
}
