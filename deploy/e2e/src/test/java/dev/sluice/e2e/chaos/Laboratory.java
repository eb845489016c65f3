package dev.sluice.e2e.chaos;

import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.RetryPolicy;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.e2e.Spawned;
import dev.sluice.gate.v1.FallbackPolicy;
import dev.sluice.gate.v1.OperationClass;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A control plane, a sidecar that takes faults, and a shop of two versions behind a gate that falls
 * back: what experiments are run on. Owned by the test's thread.
 */
final class Laboratory implements AutoCloseable {
    static final String GATE = "gates/shop";
    static final String TOKEN = "laboratory-token-1";

    private static final Pattern TRIP = Pattern.compile("\"(edge-1/[0-9a-f]+/[0-9]+)\"");
    private static final Pattern INJECTED = Pattern.compile("\"injected\": ?\"?(\\d+)");
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);
    private static final Duration TRY = Duration.ofMillis(500);

    private final Path folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Doors doors;
    private final int controlPort = Spawned.freePort();
    private final int xdsPort = Spawned.freePort();
    private final int betweenPort = Spawned.freePort();
    private final int xdsFaultsPort = Spawned.freePort();
    private final int listenPort = Spawned.freePort();
    private final int adminPort = Spawned.freePort();
    private final AdminApi api;
    private final Sidecar sidecar;
    private final Path program;

    private Laboratory(Path folder, Doors doors, Duration attempt) throws IOException {
        this.folder = folder;
        this.doors = keep(doors);
        startControl();
        this.api = keep(AdminApi.at(controlPort, folder.resolve("control")));
        createShop(attempt);
        Files.writeString(folder.resolve("token"), TOKEN + "\n");
        startBetween();
        this.sidecar = startSidecar();
        this.program = Command.program(folder, controlPort, folder.resolve("control"));
    }

    /** Starts everything; the gate stands at 25 %. */
    static Laboratory open(Path folder) throws IOException {
        return open(folder, Doors.http());
    }

    /** Starts everything, with such versions; the gate stands at 25 %. */
    static Laboratory open(Path folder, Doors doors) throws IOException {
        return open(folder, doors, TRY);
    }

    /**
     * Starts everything; the gate stands at 25 %.
     *
     * @param attempt how long a version may take to answer
     */
    static Laboratory open(Path folder, Doors doors, Duration attempt) throws IOException {
        Laboratory laboratory = new Laboratory(folder, doors, attempt);
        laboratory.setShare(25);
        return laboratory;
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private void startControl() throws IOException {
        keep(ControlProcess.start(folder.resolve("control"), controlPort, xdsPort));
    }

    /** Another control plane, with the state that the first has now. */
    ControlProcess twin() throws IOException {
        Path state = folder.resolve("twin");
        ControlProcess.copy(folder.resolve("control"), state);
        return ControlProcess.start(state, Spawned.freePort(), Spawned.freePort());
    }

    private void createShop(Duration attempt) {
        api.createService(
                "shop",
                Service.newBuilder()
                        .setOutbound(ListenAddress.newBuilder().setPort(listenPort))
                        .build());
        api.createService("edge", Service.newBuilder().addCalls("services/shop").build());
        api.createVersion("shop", "legacy", at(doors.legacy()));
        api.createVersion("shop", "new", at(doors.fresh(), doors.second()));
        api.createGate("shop", "laboratory");
        GateServiceGrpc.newBlockingStub(api.channel())
                .updateGate(
                        UpdateGateRequest.newBuilder()
                                .setGate(
                                        gate().toBuilder()
                                                .setFallback(
                                                        FallbackPolicy.newBuilder()
                                                                .setEnabled(true)))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("fallback"))
                                .build());
        api.createRoute(
                "shop",
                "all",
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setGate(GATE)
                        .setOperationClass(OperationClass.READ)
                        .setTimeout(Durations.fromSeconds(5))
                        .setRetry(
                                RetryPolicy.newBuilder()
                                        .addRetryOn("gateway-error")
                                        .addRetryOn("reset")
                                        .setPerTryTimeout(Durations.fromMillis(attempt.toMillis())))
                        .build());
    }

    private Version at(int... ports) {
        StaticEndpoints.Builder endpoints = StaticEndpoints.newBuilder();
        for (int port : ports) {
            endpoints.addEndpoints(
                    Endpoint.newBuilder().setAddress("127.0.0.1").setPort(port).build());
        }
        return Version.newBuilder().setStatic(endpoints).setProtocol(doors.protocol()).build();
    }

    /** What stands between the sidecar and the control plane. */
    private void startBetween() throws IOException {
        Spawned started =
                keep(
                        Spawned.java(
                                "sluice chaos xds ready",
                                List.of(
                                        "dev.sluice.chaos.cli.Main",
                                        "xds",
                                        "--listen",
                                        "127.0.0.1:" + betweenPort,
                                        "--upstream",
                                        "127.0.0.1:" + xdsPort,
                                        "--api",
                                        "127.0.0.1:" + xdsFaultsPort)));
        started.awaitReady();
    }

    private Sidecar startSidecar() throws IOException {
        Bootstrap bootstrap =
                new Bootstrap(
                        "edge-1",
                        Bootstrap.Beside.edge("edge"),
                        Bootstrap.Protocol.GRPC,
                        adminPort,
                        betweenPort);
        Path own = Files.createDirectories(folder.resolve("edge-1"));
        return keep(Sidecar.start(own, bootstrap, folder.resolve("token")));
    }

    Gate gate() {
        return GateServiceGrpc.newBlockingStub(api.channel())
                .getGate(GetGateRequest.newBuilder().setName(GATE).build());
    }

    /** Moves the share, and waits until the sidecar has applied it. */
    void setShare(int percent) throws IOException {
        Gate moved =
                GateServiceGrpc.newBlockingStub(api.channel())
                        .setShare(
                                SetShareRequest.newBuilder()
                                        .setName(GATE)
                                        .setSharePpm(percent * 10_000)
                                        .setEtag(gate().getEtag())
                                        .build());
        String shown = "\"share_ppm\":" + moved.getSharePpm();
        await(() -> page("/gates").replace(" ", "").contains(shown));
    }

    /** Acknowledges all trips of the sidecar, and waits until it has heard of it. */
    void resume() {
        List<String> trips =
                TRIP.matcher(page("/gates")).results().map(trip -> trip.group(1)).toList();
        if (trips.isEmpty()) {
            return;
        }
        GateServiceGrpc.newBlockingStub(api.channel())
                .resumeGate(
                        ResumeGateRequest.newBuilder()
                                .setName(GATE)
                                .setReason("the next experiment")
                                .addAllAcknowledgedTrips(trips)
                                .build());
        await(() -> !TRIP.matcher(page("/gates")).find());
    }

    /** A page of the sidecar's admin listener; empty when nobody answers. */
    String page(String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(admin() + path))
                            .header("authorization", "Bearer " + TOKEN)
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** How many attempts the last fault lease of the sidecar has changed. */
    long injected() {
        Matcher count = INJECTED.matcher(page("/faults"));
        if (!count.find()) {
            throw new IllegalStateException("the sidecar shows no fault lease");
        }
        return Long.parseLong(count.group(1));
    }

    /** Waits until something holds, for a minute at most. */
    static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + LIMIT;
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Where sidecars find what stands between them and the control plane. */
    int betweenPort() {
        return betweenPort;
    }

    Sidecar sidecar() {
        return sidecar;
    }

    /** Address of the sidecar's admin listener. */
    String admin() {
        return "http://127.0.0.1:" + adminPort;
    }

    /** Address of the API of what stands between the sidecar and the control plane. */
    String xdsFaults() {
        return "http://127.0.0.1:" + xdsFaultsPort;
    }

    /** Port of {@link #edge}. */
    int edgePort() {
        return listenPort;
    }

    /** Where users call. */
    String edge() {
        return "http://127.0.0.1:" + listenPort + "/";
    }

    /** What experiments run for {@code sluice}. */
    Path program() {
        return program;
    }

    Path folder() {
        return folder;
    }

    /** One of the two endpoints of NEW. */
    String firstEndpoint() {
        return "127.0.0.1:" + doors.fresh();
    }

    AdminApi api() {
        return api;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the laboratory does not close", e);
            }
        }
    }
}
