package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateEvidence;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.testkit.ManualClock;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.config.endpoint.v3.UpstreamLocalityStats;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import io.grpc.stub.StreamObserver;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LoadReportsTest {
    private final Shop shop = Shop.open(500_000);
    private final EvidenceTotals totals = new EvidenceTotals();
    private final ManualClock clock = new ManualClock();
    private final Responses<LoadStatsResponse> responses = new Responses<>();
    private boolean accepts = true;
    private final StreamObserver<LoadStatsRequest> stream =
            new LoadReports(
                            totals,
                            new NodeLedger(clock, new Told()),
                            shop::catalog,
                            (_, _) -> accepts,
                            clock,
                            new Random(1))
                    .streamLoadStats(responses);

    @Test
    void a_proxy_is_asked_for_every_cluster_every_second() {
        begin();

        LoadStatsResponse wish = responses.next();
        assertThat(wish.getSendAllClusters()).isTrue();
        assertThat(wish.getLoadReportingInterval().getSeconds()).isEqualTo(1);
    }

    @Test
    void counts_of_intervals_add_up_for_the_arm_whose_cluster_it_is() {
        begin();

        report(Shop.V1, 10, 1);
        report(Shop.V2, 5, 2);
        report(Shop.V2, 5, 0);
        report("other", 100, 100);

        assertThat(evidence().legacy().share().requests()).isEqualTo(11);
        assertThat(evidence().legacy().share().serverErrors()).isEqualTo(1);
        assertThat(evidence().fresh().share().requests()).isEqualTo(12);
        assertThat(evidence().fresh().share().successes()).isEqualTo(10);
        assertThat(totals.lastHeard())
                .containsEntry(new dev.sluice.contract.NodeName("web-1"), clock.instant());
    }

    @Test
    void an_interval_in_which_the_gate_changed_belongs_to_no_revision() {
        begin();
        report(Shop.V2, 1, 0);
        GateRevision before = revision();

        shop.gate(gate -> gate.setSharePpm(600_000));
        report(Shop.V2, 10, 0);
        assertThat(totals.of(Shop.ORDERS, before).fresh().share().requests()).isEqualTo(1);
        assertThat(evidence().fresh().share().requests()).isZero();

        report(Shop.V2, 100, 0);
        assertThat(evidence().fresh().share().requests()).isEqualTo(100);
    }

    @Test
    void an_interval_that_began_before_the_proxy_had_accepted_the_change_counts_nothing() {
        accepts = false;
        begin();
        report(Shop.V2, 1, 0);
        accepts = true;
        report(Shop.V2, 10, 0);
        assertThat(evidence().fresh().share().requests()).isZero();

        report(Shop.V2, 100, 0);

        assertThat(evidence().fresh().share().requests()).isEqualTo(100);
    }

    @Test
    void a_proxy_without_a_name_is_refused_once() {
        stream.onNext(LoadStatsRequest.getDefaultInstance());
        stream.onNext(LoadStatsRequest.getDefaultInstance());
        stream.onCompleted();

        assertThat(responses.endings()).singleElement().asString().startsWith("INVALID_ARGUMENT");
    }

    @Test
    void a_proxy_that_ends_its_stream_is_answered_and_one_that_breaks_off_is_not() {
        begin();
        stream.onCompleted();
        stream.onError(new IllegalStateException("late"));
        stream.onCompleted();

        assertThat(responses.endings()).containsExactly("OK");
    }

    private void begin() {
        stream.onNext(LoadStatsRequest.newBuilder().setNode(node()).build());
    }

    private static Node node() {
        return Nodes.envoy("web-1");
    }

    private void report(String cluster, long successes, long errors) {
        stream.onNext(
                LoadStatsRequest.newBuilder()
                        .addClusterStats(
                                ClusterStats.newBuilder()
                                        .setClusterName(cluster)
                                        .addUpstreamLocalityStats(
                                                UpstreamLocalityStats.newBuilder()
                                                        .setTotalSuccessfulRequests(successes)
                                                        .setTotalErrorRequests(errors)))
                        .build());
    }

    private GateRevision revision() {
        return shop.catalog().gate(Shop.ORDERS).orElseThrow().revision();
    }

    private GateEvidence evidence() {
        return totals.of(Shop.ORDERS, revision());
    }
}
