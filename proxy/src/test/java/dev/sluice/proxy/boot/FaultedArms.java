package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.FaultLease.Evidence;
import dev.sluice.contract.fault.Selection;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.fault.LeaseState;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The two arms of a gate behind a proxy, and the lease that a test takes on one of them. */
final class FaultedArms implements AutoCloseable {
    static final FaultName NAME = new FaultName("drill");
    static final Body BODY = Body.of("0123456789".repeat(100));
    static final String REQUEST = "GET / HTTP/1.1\r\nhost: h\r\nx-user: u1\r\n\r\n";
    static final Duration FOR_EVER = Duration.ofMinutes(10);

    final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    final H2Upstream fresh = H2Upstream.start(FaultedArms::answer);

    /** The whole answer has been sent when a fault that looks at its end can break it off. */
    private static H2Answer answer(H2Message request) {
        Headers length = Headers.of("content-length", "1000");
        return switch (request.path()) {
            case "/head" -> H2Answer.status(200);
            case "/trailers" -> H2Answer.of(200, length, BODY, Headers.of("x-end", "1"));
            default -> H2Answer.of(200, length, BODY, Headers.NONE);
        };
    }

    RunningProxy proxy(String fallback, String route) {
        String routes = Yaml.gatedRoute(1_000_000, "READ", fallback).replace("timeout: 3s", route);
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                        routes,
                        Yaml.cluster("old", old.port()),
                        Yaml.http2Cluster("new", fresh.port())));
    }

    /** No fallback, no retries, and more time than a test needs. */
    RunningProxy proxy() {
        return proxy("", "timeout: 60s");
    }

    static FaultLease lease(Arm arm, Fault fault, int budget, Evidence evidence) {
        return new FaultLease(
                Optional.of(NAME),
                new GateName("orders"),
                arm,
                Selection.ALL,
                fault,
                Duration.ofHours(1),
                budget,
                OptionalLong.of(7),
                evidence,
                "a test");
    }

    static void take(RunningProxy proxy, FaultLease lease) {
        assertThat(proxy.proxy().faults().take(lease))
                .as("taking the lease")
                .isInstanceOf(FaultBook.Taking.Taken.class);
    }

    static void take(RunningProxy proxy, Fault fault) {
        take(proxy, lease(Arm.NEW, fault, 100, Evidence.COUNTED));
    }

    static LeaseState state(RunningProxy proxy) {
        return proxy.proxy().faults().find(NAME).orElseThrow();
    }

    static H1Response get(RunningProxy proxy) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");
    }

    /** On one event loop, so by one pool. */
    static H1Response get(RawHttp1Client client) throws Exception {
        return client.exchange("GET", "/", Headers.of("x-user", "u1"), Body.EMPTY);
    }

    static H2Message getByHttp2(RunningProxy proxy, String path) {
        try (H2Client client = H2Client.connect(proxy.port())) {
            return client.get(path, "x-user", "u1");
        }
    }

    static void assertInjected(ExchangeRecord record, String kind, ResponseFlag flag) {
        assertThat(record.faults())
                .as("faults of the record")
                .containsExactly(
                        new InjectedFault(NAME.name(), kind, Optional.of(flag), FaultMark.COUNTED));
        assertThat(record.flags()).as("flags").contains(flag);
        assertThat(record.gate().orElseThrow().fault()).isEqualTo(FaultMark.COUNTED);
    }

    /** The first bytes of a body; none of its frames may be the last. */
    static Body readBody(H2Stream stream, int size) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < size) {
            assertThat(stream.nextEvent())
                    .isInstanceOfSatisfying(
                            H2Event.Data.class,
                            data -> {
                                assertThat(data.last()).as("the end").isFalse();
                                bytes.writeBytes(data.body().bytes());
                            });
        }
        return Body.of(bytes.toByteArray());
    }

    @Override
    public void close() {
        old.close();
        fresh.close();
    }
}
