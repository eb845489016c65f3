package dev.sluice.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StatusPageTest {
    @Test
    void a_follower_shows_what_the_leader_shows() {
        StatusPage page =
                page(false, Optional.of("{\"leader\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(text(page.whole())).isEqualTo("{\"leader\":1}");
        assertThat(text(page.own())).contains("\"ofAllNodes\":false");
    }

    @Test
    void a_follower_that_hears_nothing_of_the_leader_says_so() {
        assertThat(text(page(false, Optional.empty()).whole())).contains("\"ofAllNodes\":false");
    }

    @Test
    void who_leads_knows_all_nodes() {
        assertThat(text(page(true, Optional.empty()).whole())).contains("\"ofAllNodes\":true");
    }

    private static StatusPage page(boolean leads, Optional<byte[]> leader) {
        return new StatusPage(
                new StatusPage.Parts(
                        () -> Catalog.EMPTY,
                        () -> false,
                        () ->
                                leads
                                        ? Standing.leading(0)
                                        : new Standing(false, false, OptionalLong.empty(), 0),
                        new EvidenceTotals(),
                        new Nobody(),
                        _ -> Optional.empty(),
                        _ -> Optional.empty(),
                        _ -> List.of(),
                        new ManualClock()),
                () -> leader);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** No node has come. */
    private static final class Nobody implements NodeStates {
        @Override
        public Optional<NodeState> node(NodeName name) {
            return Optional.empty();
        }

        @Override
        public long version(NodeName name) {
            return 0;
        }

        @Override
        public Collection<NodeState> nodes() {
            return List.of();
        }

        @Override
        public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
            return Map.of();
        }

        @Override
        public long version(GateName gate) {
            return 0;
        }

        @Override
        public Watch watch(Runnable listener) {
            return () -> {};
        }
    }
}
