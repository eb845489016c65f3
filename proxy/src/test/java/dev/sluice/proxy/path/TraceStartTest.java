package dev.sluice.proxy.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceParent;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import dev.sluice.testkit.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStartTest {
    private static final String ID = "0af7651916cd43dd8448eb211c80319c";
    private static final SpanTarget TARGET =
            new SpanTarget(
                    "c",
                    SpanTarget.Protocol.GRPC,
                    "c",
                    "/x",
                    Map.of(),
                    Duration.ofSeconds(1),
                    Map.of());

    private static final Peer PEER =
            new Peer(
                    new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 1),
                    new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 2),
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());

    private final RandomGenerator random = Seeds.printed("trace ids and samples").generator();

    private RequestTrace begin(int clientPpm, int randomPpm, int overallPpm, HeaderBlock headers) {
        Sampling sampling =
                Sampling.of(
                        new PartsPerMillion(clientPpm),
                        new PartsPerMillion(randomPpm),
                        new PartsPerMillion(overallPpm));
        TracingSpec spec =
                new TracingSpec(TARGET, sampling, List.of(), Spans.REQUEST_AND_ATTEMPTS, 256);
        return new TraceStart(
                        spec,
                        new InternalClients(Forwarding.DEFAULT),
                        new RuntimeLayers(RuntimeSpec.NONE),
                        random)
                .begin(head(headers), PEER);
    }

    private static RequestHead head(HeaderBlock headers) {
        return new RequestHead("GET", "http", "h", "/", headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01"})
    void a_trace_goes_on_as_its_parent_was_sampled(String flags) {
        HeaderBlock headers =
                new HeaderBlock()
                        .add("traceparent", "00-" + ID + "-b7ad6b7169203331-" + flags)
                        .add("tracestate", "a=1")
                        .add("tracestate", "b=2");
        RequestTrace trace = begin(0, 0, 0, headers);

        TraceContext context = trace.context();
        assertThat(context.traceId()).isEqualTo(ID);
        assertThat(context.parent()).isEqualTo(0xb7ad6b7169203331L);
        assertThat(context.sampled()).isEqualTo(flags.equals("01"));
        assertThat(context.state()).isEqualTo("a=1,b=2");
        HeaderBlock marked = trace.mark(head(headers)).headers();
        assertThat(marked.first("traceparent"))
                .hasToString("00-" + ID + "-" + context.spanId() + "-" + flags);
        assertThat(marked.first("tracestate")).hasToString("a=1");
        assertThat(headers.first("traceparent")).asString().contains("b7ad6b7169203331");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00-0-0-01", "ff-" + ID + "-b7ad6b7169203331-01", ""})
    void a_malformed_parent_is_replaced_and_its_state_taken_off(String header) {
        HeaderBlock headers = new HeaderBlock().add("traceparent", header).add("tracestate", "a=1");
        RequestTrace trace = begin(0, 1_000_000, 1_000_000, headers);

        HeaderBlock marked = trace.mark(head(headers)).headers();
        assertThat(trace.context().parent()).isZero();
        assertThat(Optional.ofNullable(marked.first("traceparent")).flatMap(TraceParent::parse))
                .contains(
                        new TraceParent(
                                trace.context().high(),
                                trace.context().low(),
                                trace.context().span(),
                                /* sampled= */ true));
        assertThat(marked.contains("tracestate")).isFalse();
    }

    @Test
    void two_parents_are_none() {
        String good = "00-" + ID + "-b7ad6b7169203331-01";
        RequestTrace trace =
                begin(0, 0, 0, new HeaderBlock().add("traceparent", good).add("traceparent", good));

        assertThat(trace.context().traceId()).isNotEqualTo(ID);
        assertThat(trace.context().sampled()).isFalse();
    }

    @Test
    void the_share_of_traces_that_begin_here_is_the_lesser_of_random_and_overall() {
        assertThat(sampled(0, 200_000, 1_000_000)).isBetween(1_700, 2_300);
        assertThat(sampled(0, 1_000_000, 100_000)).isBetween(750, 1_250);
        assertThat(sampled(0, 0, 1_000_000)).isZero();
    }

    @Test
    void a_client_that_asks_is_sampled_by_its_own_share() {
        assertThat(sampled(500_000, 0, 1_000_000, "x-client-trace-id")).isBetween(4_500, 5_500);
        assertThat(sampled(1_000_000, 0, 0, "x-client-trace-id")).isZero();
    }

    @Test
    void an_order_to_trace_of_a_client_that_is_not_internal_is_not_obeyed() {
        assertThat(sampled(0, 0, 1_000_000, "x-envoy-force-trace")).isZero();
    }

    private int sampled(int client, int randomly, int overall, String... headers) {
        int sampled = 0;
        for (int i = 0; i < 10_000; i++) {
            HeaderBlock block = new HeaderBlock();
            for (String header : headers) {
                block.add(header, "1");
            }
            sampled += begin(client, randomly, overall, block).context().sampled() ? 1 : 0;
        }
        return sampled;
    }
}
