package dev.sluice.proxy.telemetry;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An exchange for tests of access logs: a GET that a gate sent to NEW, and what is changed. */
public final class LoggedExchange {
    private final Set<ResponseFlag> flags = new LinkedHashSet<>();
    private final Map<String, List<String>> request =
            new HashMap<>(
                    Map.of(
                            ":method", List.of("GET"),
                            ":path", List.of("/orders?id=1"),
                            ":authority", List.of("shop.example"),
                            "user-agent", List.of("probe/1", "probe/2")));
    private final Map<String, List<String>> response = new HashMap<>();
    private List<AccessLogSpec> logs = List.of();
    private List<FilterEvent> events = List.of();
    private List<InjectedFault> faults = List.of();
    private Map<String, List<String>> trailers = Map.of();
    private Optional<TraceFacts> trace = Optional.empty();
    private int status = 200;
    private int grpcStatus = -1;
    private String details = "";
    private String requestId = "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2";
    private long totalNanos = 42_000_000;

    public LoggedExchange logs(AccessLogSpec... those) {
        logs = List.of(those);
        return this;
    }

    public LoggedExchange request(String name, String... values) {
        request.put(name, List.of(values));
        return this;
    }

    public LoggedExchange response(String name, String value) {
        response.put(name, List.of(value));
        return this;
    }

    public LoggedExchange trailer(String name, String value) {
        trailers = Map.of(name, List.of(value));
        return this;
    }

    public LoggedExchange trace(TraceFacts facts) {
        trace = Optional.of(facts);
        return this;
    }

    public LoggedExchange status(int other) {
        status = other;
        return this;
    }

    public LoggedExchange grpcStatus(int other) {
        grpcStatus = other;
        return this;
    }

    public LoggedExchange flag(ResponseFlag flag, String why) {
        flags.add(flag);
        details = why;
        return this;
    }

    public LoggedExchange requestId(String other) {
        requestId = other;
        return this;
    }

    public LoggedExchange millis(long other) {
        totalNanos = other * 1_000_000;
        return this;
    }

    public LoggedExchange event(FilterEvent event) {
        events = List.of(event);
        return this;
    }

    public LoggedExchange fault(InjectedFault... those) {
        faults = List.of(those);
        return this;
    }

    public ExchangeRecord http() {
        return record("HTTP/2", Optional.of(gate()));
    }

    /** The same request on a route without a gate. */
    public ExchangeRecord ungated() {
        return record("HTTP/2", Optional.empty());
    }

    /** A connection that was carried without being read. */
    public ExchangeRecord tcp() {
        request.clear();
        return record("-", Optional.empty());
    }

    private ExchangeRecord record(String protocol, Optional<ExchangeRecord.GateOutcome> gate) {
        return new ExchangeRecord(
                Instant.parse("2024-02-29T08:05:03.007Z").toEpochMilli(),
                "main",
                protocol,
                "GET",
                "shop.example",
                "/orders?id=1",
                status,
                grpcStatus,
                flags,
                details,
                7,
                900,
                new ExchangeRecord.Times(totalNanos, 2_500_000, 40_100_000),
                "all",
                Optional.of(
                        new ExchangeRecord.Upstream(
                                "orders-new",
                                Optional.of(address("10.1.2.3", 8080)),
                                Optional.of(address("10.1.2.2", 40001)),
                                2,
                                0)),
                gate,
                requestId,
                events,
                faults,
                address("2001:db8:1:2::9", 5555),
                "probe/1",
                trace,
                new LogFacts(
                        logs,
                        new LogFacts.Ends(
                                address("127.0.0.1", 10000),
                                address("192.0.2.33", 4711),
                                address("192.0.2.44", 15001)),
                        "sni.example",
                        Optional.of(
                                new LogFacts.Client(
                                        "CN=caller",
                                        List.of("spiffe://a", "spiffe://b"),
                                        List.of(),
                                        "0f0f")),
                        request,
                        response,
                        trailers),
                Optional.empty());
    }

    private static ExchangeRecord.GateOutcome gate() {
        return new ExchangeRecord.GateOutcome(
                new GateDecision(
                        new GateName("orders"),
                        Optional.empty(),
                        Arm.NEW,
                        Mode.COMPLETE,
                        Reason.SHARE,
                        Optional.empty(),
                        OptionalInt.of(17),
                        new PartsPerMillion(250_000),
                        new GateDecision.Key.Used(5)),
                "read",
                OperationClass.READ,
                5,
                ExchangeRecord.Result.SUCCESS,
                /* fellBack= */ false,
                FaultMark.NONE);
    }

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }
}
