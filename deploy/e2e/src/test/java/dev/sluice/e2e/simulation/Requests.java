package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.LogFacts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Requests as a sidecar sees them. */
final class Requests {
    /** The header that gates take keys from. */
    static final String KEY = "x-user";

    /** The header that tells requests and their answers apart. */
    static final String ID = "x-id";

    private static final InetSocketAddress SOMEWHERE =
            InetSocketAddress.createUnresolved("client", 1);
    private static final Peer CLIENT =
            new Peer(
                    SOMEWHERE,
                    SOMEWHERE,
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());

    private Requests() {}

    /** How one ended. */
    record Ending(Result result, boolean fellBack) {}

    /**
     * One request.
     *
     * @param gate that its route names
     * @param key whose request it is
     */
    record Request(GateName gate, Operation operation, String key) {
        static Request read(GateName gate, String key) {
            return new Request(gate, new Operation("read", OperationClass.READ), key);
        }

        static Request write(GateName gate, String key) {
            return new Request(gate, new Operation("write", OperationClass.UNSAFE_WRITE), key);
        }

        /** The request that came with this head. */
        static Request of(RequestHead head) {
            GateName gate = new GateName(head.path().toString().substring(1));
            String key = Objects.requireNonNull(head.headers().first(KEY), KEY).toString();
            return "GET".contentEquals(head.method()) ? read(gate, key) : write(gate, key);
        }

        /** As a client sends it over HTTP/1.1. */
        String wire(String id) {
            boolean isRead = operation.operationClass() == OperationClass.READ;
            return "%s /%s HTTP/1.1\r\nhost: shop\r\n%s: %s\r\n%s: %s\r\n%s\r\n"
                    .formatted(
                            isRead ? "GET" : "POST",
                            gate.id(),
                            KEY,
                            key,
                            ID,
                            id,
                            isRead ? "" : "content-length: 0\r\n");
        }

        RouteGate route() {
            return new RouteGate(new RouteGate.Source.Named(gate), operation);
        }

        ExchangeView view() {
            HeaderBlock headers = new HeaderBlock().add(KEY, key);
            return new ExchangeView(
                    new RequestHead("GET", "http", "shop", "/", headers), "/", CLIENT);
        }

        ExchangeRecord exchange(GateDecision decision, Ending ending) {
            long keyHash = decision.key() instanceof GateDecision.Key.Used(long hash) ? hash : 0;
            int status = ending.result() == Result.SUCCESS || ending.fellBack() ? 200 : 500;
            return new ExchangeRecord(
                    0,
                    "sim",
                    "HTTP/1.1",
                    "GET",
                    "shop",
                    "/",
                    status,
                    -1,
                    Set.of(),
                    "",
                    0,
                    0,
                    new ExchangeRecord.Times(1_000_000, 0, 1_000_000),
                    operation.name(),
                    Optional.empty(),
                    Optional.of(
                            new GateOutcome(
                                    decision,
                                    operation.name(),
                                    operation.operationClass(),
                                    keyHash,
                                    ending.result(),
                                    ending.fellBack(),
                                    FaultMark.NONE)),
                    "",
                    List.of(),
                    List.of(),
                    SOMEWHERE,
                    "",
                    Optional.empty(),
                    LogFacts.NONE,
                    Optional.empty());
        }
    }
}
