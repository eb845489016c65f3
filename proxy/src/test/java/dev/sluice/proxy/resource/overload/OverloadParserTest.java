package dev.sluice.proxy.resource.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OverloadParserTest {
    private static final String HEAP =
            "{name: heap, typed_config: {'@type': t/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig, max_heap_size_bytes: %s}}";
    private static final String CONNECTIONS =
            "{name: connections, typed_config: {'@type': t/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig, max_active_downstream_connections: 7}}";

    private static String manager(String text) {
        return "{overload_manager: {" + text + "}}";
    }

    @Test
    void without_one_nothing_is_shed() {
        assertThat(BootstrapReader.read("{}", "f").orThrow().overload())
                .isEqualTo(OverloadSpec.NONE);
    }

    @Test
    void every_setting_arrives() {
        var spec =
                BootstrapReader.read(
                                manager(
                                        "refresh_interval: 0.25s, resource_monitors: ["
                                                + HEAP.formatted("1000")
                                                + ", "
                                                + CONNECTIONS
                                                + "], actions: ["
                                                + "{name: envoy.overload_actions.shrink_heap, triggers: [{name: heap, threshold: {value: 0.9}}]},"
                                                + "{name: envoy.overload_actions.stop_accepting_requests, triggers: [{name: heap, threshold: {value: 0.95}}, {name: heap, scaled: {scaling_threshold: 0.8, saturation_threshold: 0.98}}]}]"),
                                "f")
                        .orThrow();

        assertThat(spec.overload())
                .isEqualTo(
                        new OverloadSpec(
                                Duration.ofMillis(250),
                                OptionalLong.of(1_000),
                                OptionalLong.of(7),
                                Map.of(
                                        Action.STOP_ACCEPTING_REQUESTS,
                                        List.of(new Trigger(0.95, 0.95), new Trigger(0.8, 0.98)))));
        assertThat(spec.inert()).contains("overload_manager.actions[0]");
    }

    @Test
    void every_mistake_is_told() {
        List<Problem> problems =
                BootstrapReader.read(
                                manager(
                                        "resource_monitors: ["
                                                + HEAP.formatted("0")
                                                + ", {name: cpu}], actions: ["
                                                + "{name: envoy.overload_actions.reduce_timeouts, triggers: [{name: heap, threshold: {value: 0.9}}]},"
                                                + "{name: envoy.overload_actions.disable_http_keepalive},"
                                                + "{name: envoy.overload_actions.disable_http_keepalive, triggers: [{name: disk, threshold: {value: 2}}, {name: heap}, {name: heap, scaled: {scaling_threshold: 0.9, saturation_threshold: 0.8}}]}]"),
                                "f")
                        .problems();

        assertThat(problems)
                .extracting(
                        problem -> problem.path().substring(problem.path().indexOf("manager") + 8))
                .containsExactlyInAnyOrder(
                        "resource_monitors[0].typed_config.max_heap_size_bytes",
                        "resource_monitors[1]",
                        "actions[0].name",
                        "actions[1].triggers",
                        "actions[2].triggers[0].name",
                        "actions[2].triggers[0].threshold",
                        "actions[2].triggers[1]",
                        "actions[2].triggers[2].scaled",
                        "actions[2].name");
    }
}
