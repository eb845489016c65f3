package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.HealthFlag;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ConnectSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Ejection;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.FailurePercentage;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.First;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Origins;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Streak;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.SuccessRate;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutlierDetectorTest {
    private static final Ejection EJECTION =
            new Ejection(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(300),
                    50,
                    First.WITHIN_SHARE);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
    private final ScriptedThread thread = new ScriptedThread();
    private final Loop loop =
            new Loop(
                    0,
                    channel.eventLoop(),
                    new SplittableRandom(42),
                    new Timers(channel.eventLoop()),
                    (executor, cluster) -> new Unconnected(),
                    channel.eventLoop().ticker());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void five_answers_of_5xx_in_a_row_leave_an_endpoint_out() {
        Cluster cluster = cluster(4, spec(Origins.TOGETHER, EJECTION));
        Endpoint bad = cluster.endpoints().getFirst();
        answers(cluster, bad, 4, 500);
        answers(cluster, bad, 1, 200);
        answers(cluster, bad, 4, 500);
        assertThat(bad.flags()).as("flags after a success in between").isEmpty();

        answers(cluster, bad, 1, 503);

        assertThat(bad.flags()).as("flags").containsExactly(HealthFlag.FAILED_OUTLIER_CHECK);
        assertThat(cluster.ejectionsActive()).as("out now").isEqualTo(1);
    }

    @Test
    void it_comes_back_after_its_time_and_stays_out_longer_the_next_time() {
        Cluster cluster = cluster(4, spec(Origins.TOGETHER, EJECTION));
        Endpoint bad = cluster.endpoints().getFirst();
        answers(cluster, bad, 5, 500);
        pass(29);
        assertThat(bad.health().isEjected()).as("out after 29 s").isTrue();
        pass(1);
        assertThat(bad.health().isEjected()).as("out after 30 s").isFalse();

        answers(cluster, bad, 5, 500);
        pass(50);
        assertThat(bad.health().isEjected()).as("out after 50 s more").isTrue();
        pass(10);
        assertThat(bad.health().isEjected()).as("out after 60 s more").isFalse();
        assertThat(cluster.ejectionsTotal()).as("ejections").isEqualTo(2);
    }

    @Test
    void no_more_than_the_greatest_share_is_out() {
        Cluster cluster = cluster(4, spec(Origins.TOGETHER, EJECTION));
        cluster.endpoints().forEach(one -> answers(cluster, one, 5, 500));

        assertThat(cluster.ejectionsActive()).as("out of four").isEqualTo(2);
        assertThat(cluster.ejectionsOverflow()).as("not left out").isEqualTo(2);
    }

    @Test
    void one_may_always_be_out_where_that_is_asked_for() {
        Ejection none =
                new Ejection(EJECTION.interval(), EJECTION.base(), EJECTION.max(), 0, First.ALWAYS);
        Cluster cluster = cluster(4, spec(Origins.TOGETHER, none));
        cluster.endpoints().forEach(one -> answers(cluster, one, 5, 500));

        assertThat(cluster.ejectionsActive()).as("out of four").isEqualTo(1);
    }

    @Test
    void failures_to_get_an_answer_count_as_answers_or_apart() {
        Cluster together = cluster(4, spec(Origins.TOGETHER, EJECTION));
        Cluster apart = cluster(4, spec(Origins.APART, EJECTION));
        for (int i = 0; i < 5; i++) {
            together.on(loop).failed(together.endpoints().getFirst(), 1);
            apart.on(loop).failed(apart.endpoints().getFirst(), 1);
            answers(apart, apart.endpoints().get(1), 1, 500);
            apart.on(loop).failed(apart.endpoints().get(2), 1);
            answers(apart, apart.endpoints().get(2), 1, 200);
        }

        assertThat(together.ejectionsActive()).as("out where all is one").isEqualTo(1);
        assertThat(apart.endpoints().stream().map(one -> one.health().isEjected()).toList())
                .as("out where it is told apart: unreachable, bad, now and then, never")
                .containsExactly(true, true, false, false);
    }

    @Test
    void an_endpoint_much_worse_than_the_others_is_out_at_the_interval() {
        Cluster cluster = cluster(6, spec(Origins.TOGETHER, EJECTION));
        for (Endpoint one : cluster.endpoints()) {
            answers(cluster, one, 100, 200);
        }
        for (int i = 0; i < 25; i++) {
            answers(cluster, cluster.endpoints().getLast(), 1, 500);
            answers(cluster, cluster.endpoints().getLast(), 1, 200);
        }
        assertThat(cluster.ejectionsActive()).as("out before the interval").isZero();

        pass(10);

        assertThat(cluster.endpoints().getLast().health().isEjected()).as("worst out").isTrue();
        assertThat(cluster.ejectionsActive()).as("out").isEqualTo(1);
    }

    @Test
    void an_endpoint_that_fails_by_itself_is_out_where_that_is_enforced() {
        OutlierSpec failing =
                new OutlierSpec(
                        new Streak(1_000, 100),
                        new Streak(1_000, 0),
                        new Streak(1_000, 100),
                        Origins.TOGETHER,
                        new SuccessRate(100, 100, 1_900, 100, 100),
                        new FailurePercentage(2, 50, 85, 100, 0),
                        EJECTION);
        Cluster cluster = cluster(3, failing);
        answers(cluster, cluster.endpoints().get(0), 86, 500);
        answers(cluster, cluster.endpoints().get(0), 14, 200);
        answers(cluster, cluster.endpoints().get(1), 84, 500);
        answers(cluster, cluster.endpoints().get(1), 16, 200);

        pass(10);

        assertThat(cluster.endpoints().get(0).health().isEjected()).as("86 %% failed").isTrue();
        assertThat(cluster.endpoints().get(1).health().isEjected()).as("84 %% failed").isFalse();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(1, TimeUnit.SECONDS);
            thread.advance(Duration.ofSeconds(1));
        }
    }

    private void answers(Cluster cluster, Endpoint endpoint, int count, int status) {
        for (int i = 0; i < count; i++) {
            cluster.on(loop).answered(endpoint, 1, status);
        }
    }

    private static OutlierSpec spec(Origins origins, Ejection ejection) {
        return new OutlierSpec(
                new Streak(5, 100),
                new Streak(5, 0),
                new Streak(5, 100),
                origins,
                new SuccessRate(5, 100, 1_900, 100, 100),
                new FailurePercentage(5, 50, 85, 0, 0),
                ejection);
    }

    private Cluster cluster(int endpoints, OutlierSpec outliers) {
        Cluster cluster =
                new Cluster(
                        new ClusterSpec(
                                "c",
                                new ClusterSpec.Discovery.Eds("c"),
                                BalancingSpec.DEFAULT,
                                ConnectSpec.DEFAULT,
                                UpstreamSpec.DEFAULT,
                                new TransportSocketSpec.RawBuffer(),
                                CircuitBreakers.DEFAULT,
                                Optional.empty(),
                                Optional.of(outliers)),
                        List.of(loop),
                        thread,
                        new SplittableRandom(42),
                        (executor, spec, check) -> (remote, host, verdict) -> {},
                        () -> {});
        List<EndpointSpec> specs =
                IntStream.rangeClosed(1, endpoints)
                        .mapToObj(port -> EndpointSpec.at(new SocketAddressSpec("127.0.0.1", port)))
                        .toList();
        cluster.replace(
                LoadAssignmentSpec.of(List.of(LocalitySpec.anywhere(specs))),
                one ->
                        List.of(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), one.address().port())));
        cluster.start();
        return cluster;
    }

    /** Nothing is connected to in this test. */
    private static final class Unconnected implements Connector {
        @Override
        public void connect(Way way, Receiver receiver) {
            throw new AssertionError("connected to " + way);
        }

        @Override
        public int expectedCapacity() {
            return 1;
        }
    }
}
