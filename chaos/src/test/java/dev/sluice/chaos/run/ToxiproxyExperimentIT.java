package dev.sluice.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.toxiproxy.ToxiproxyServer;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An unchanged experiment of the Chaos Toolkit, with its calls of chaostoxi, on our Toxiproxy. */
class ToxiproxyExperimentIT {
    private static final String EXPERIMENT =
            """
            title: The way to the upstream is cut
            description: through Toxiproxy
            configuration: {toxiproxy_url: "http://127.0.0.1:${api}"}
            steady-state-hypothesis:
              title: answers
              probes:
                - {type: probe, name: answers, tolerance: 200,
                   provider: {type: http, url: "http://127.0.0.1:${proxy}/", timeout: 10}}
            method:
              - type: action
                name: cut
                provider:
                  type: python
                  module: chaostoxi.toxic.actions
                  func: %s
                  arguments: {for_proxy: way, toxic_name: cut, %s}
            rollbacks:
              - type: action
                name: heal
                provider:
                  type: python
                  module: chaostoxi.toxic.actions
                  func: delete_toxic
                  arguments: {for_proxy: way, toxic_name: cut}
            """;

    private static final Waits AT_ONCE =
            new Waits() {
                @Override
                public Instant instant() {
                    return Instant.EPOCH;
                }

                @Override
                public long nanos() {
                    return 0;
                }

                @Override
                public boolean pause(Duration duration) {
                    return true;
                }

                @Override
                public boolean await(CompletableFuture<?> done, Duration most) {
                    return done.handle((_, _) -> true).join();
                }
            };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create_limiter_toxic|bytes_limit: 3|DEVIATED",
                "create_latency_toxic|latency: 1|PASSED",
                "create_bandwith_degradation_toxic|rate: -1|INCONCLUSIVE"
            })
    void is_judged_by_what_callers_see(String function, String attribute, Verdict verdict)
            throws IOException {
        var settings =
                new ToxiproxyServer.Settings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, 1);
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("fine"));
                ToxiproxyServer toxiproxy = ToxiproxyServer.start(settings)) {
            int way = dev.sluice.testkit.tcp.TcpUpstream.refusedPort();
            assertThat(
                            toxiproxy.populate(
                                    """
                                    [{"name":"way","listen":"127.0.0.1:%d","upstream":"127.0.0.1:%d"}]\
                                    """
                                            .formatted(way, upstream.port())))
                    .isEmpty();
            Experiment experiment =
                    ExperimentReader.read(EXPERIMENT.formatted(function, attribute), "e.yaml")
                            .orThrow();
            var nodes = JsonNodeFactory.instance;
            var values =
                    Map.of(
                            "toxiproxy_url",
                            (com.fasterxml.jackson.databind.JsonNode)
                                    nodes.textNode(
                                            "http://127.0.0.1:" + toxiproxy.address().getPort()),
                            "proxy",
                            nodes.numberNode(way));
            try (Activities activities = new Activities(new Substitution(values))) {
                Result result =
                        new Runner(experiment, Means.without(activities, Guard.none(), AT_ONCE), 1)
                                .run();
                assertThat(result.verdict()).as("%s", result.reasons()).isEqualTo(verdict);
            }
        }
    }
}
