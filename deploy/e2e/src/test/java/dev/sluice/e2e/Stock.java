package dev.sluice.e2e;

import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Protocol;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.RollbackGateRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateServiceRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A service of two versions with a store each, behind a gate from SHADOW to LIVE; its versions keep
 * a ledger of what is written. Thread-safe.
 */
final class Stock implements AutoCloseable {
    private static final String GATE = "gates/stock";

    private final Running running = new Running();
    private final GateServiceBlockingStub gates;
    private final List<Entry> ledger = new ArrayList<>(); // guarded by itself

    /** A write of a key that came to a store, in the order in which they came. */
    record Entry(String key, String store) {}

    /**
     * Tells a control plane of it, at share 0; the edge calls it.
     *
     * @param listen where sidecars of the edge listen for calls to it
     */
    Stock(AdminApi api, int listen) {
        gates = GateServiceGrpc.newBlockingStub(api.channel());
        api.createService(
                "stock",
                Service.newBuilder()
                        .setOutbound(ListenAddress.newBuilder().setPort(listen))
                        .build());
        api.createVersion("stock", "legacy", version("legacy"));
        api.createVersion("stock", "new", version("new"));
        Gate unused =
                gates.createGate(
                        CreateGateRequest.newBuilder().setGateId("stock").setGate(gate()).build());
        api.createRoute(
                "stock",
                "all",
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setGate(GATE)
                        .setOperationClass(OperationClass.UNSAFE_WRITE)
                        .build());
        Service edge =
                ServiceServiceGrpc.newBlockingStub(api.channel())
                        .updateService(
                                UpdateServiceRequest.newBuilder()
                                        .setService(
                                                Service.newBuilder()
                                                        .setName("services/edge")
                                                        .addCalls("services/shop")
                                                        .addCalls("services/stock"))
                                        .setUpdateMask(FieldMask.newBuilder().addPaths("calls"))
                                        .build());
        if (edge.getCallsCount() != 2) {
            throw new IllegalStateException(edge + " (expected: calls of both)");
        }
    }

    private Version version(String store) {
        int port = running.keep(H1Upstream.start(write -> written(write, store))).port();
        return Version.newBuilder()
                .setStatic(
                        StaticEndpoints.newBuilder()
                                .addEndpoints(
                                        Endpoint.newBuilder()
                                                .setAddress("127.0.0.1")
                                                .setPort(port)))
                .setProtocol(Protocol.HTTP1)
                .build();
    }

    private H1Answer written(H1Request write, String store) {
        synchronized (ledger) {
            ledger.add(new Entry(write.target(), store));
        }
        return H1Answer.ok(store);
    }

    private static Gate gate() {
        return Gate.newBuilder()
                .setLegacyVersion("services/stock/versions/legacy")
                .setNewVersion("services/stock/versions/new")
                .setStoreKind(StoreKind.SEPARATE)
                .setFrom(Mode.SHADOW)
                .setTo(Mode.LIVE)
                .setBucketing(
                        Bucketing.newBuilder()
                                .setSalt("stock")
                                .setKey(KeySource.newBuilder().setHeader(AdminApi.KEY_HEADER))
                                .setLegacy(Empty.getDefaultInstance()))
                .build();
    }

    Gate now() {
        return gates.getGate(GetGateRequest.newBuilder().setName(GATE).build());
    }

    /**
     * Which store is written first, in parts per million of the keys; all that is on its way came.
     */
    boolean isAt(int percent) {
        Gate now = now();
        return now.getWritesMoving().isEmpty()
                && now.getWriteAuthority().getNewBelowPpm() == percent * 10_000;
    }

    /** Once, or again where a sidecar of a busy machine did not hold in time. */
    void raise(int percent) {
        Caller.await(() -> {
            Gate now = now();
            if (now.getWritesMoving().isEmpty() && now.getSharePpm() < percent * 10_000) {
                tryToRaise(now, percent);
            }
            return isAt(percent);
        });
    }

    private void tryToRaise(Gate now, int percent) {
        try {
            Gate unused =
                    gates.setShare(
                            SetShareRequest.newBuilder()
                                    .setName(GATE)
                                    .setSharePpm(percent * 10_000)
                                    .setEtag(now.getEtag())
                                    .build());
        } catch (StatusRuntimeException refused) {
            if (refused.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
                throw refused; // else a sidecar lags still
            }
        }
    }

    void kill() {
        Gate unused =
                gates.killGate(KillGateRequest.newBuilder().setName(GATE).setReason("e2e").build());
        Caller.await(() -> isAt(0));
    }

    void resume() {
        Gate unused =
                gates.resumeGate(
                        ResumeGateRequest.newBuilder().setName(GATE).setReason("e2e").build());
        Caller.await(() -> isAt(now().getSharePpm() / 10_000));
    }

    void rollBack() {
        Gate unused =
                gates.rollbackGate(
                        RollbackGateRequest.newBuilder().setName(GATE).setReason("e2e").build());
        Caller.await(() -> isAt(0));
    }

    /** Writes so far. */
    int written() {
        synchronized (ledger) {
            return ledger.size();
        }
    }

    /** Of each key the stores that were written, in their order, each run of one store once. */
    Map<String, List<String>> stores() {
        Map<String, List<String>> stores = new HashMap<>();
        synchronized (ledger) {
            for (Entry entry : ledger) {
                List<String> runs = stores.computeIfAbsent(entry.key(), _ -> new ArrayList<>());
                if (runs.isEmpty() || !runs.getLast().equals(entry.store())) {
                    runs.add(entry.store());
                }
            }
        }
        return stores;
    }

    @Override
    public void close() {
        running.close();
    }
}
