package dev.sluice.proxy.admin;

import dev.sluice.proxy.resource.SentConfiguration.Answers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What agents beside a proxy wait for, such as Istio's before it says that a pod is ready, by the
 * names of Envoy's own statistics. Stateless.
 */
final class EnvoyStats {
    private static final String TYPE = "type.googleapis.com/";
    private static final String CLUSTERS = TYPE + Cluster.getDescriptor().getFullName();
    private static final String LISTENERS = TYPE + Listener.getDescriptor().getFullName();

    private EnvoyStats() {}

    /** Values by name; those of a management server only where there is one. */
    static Map<String, Long> of(AdminSubject subject) {
        Map<String, Long> stats = new LinkedHashMap<>();
        ProxyState state = subject.state();
        if (subject.origin().bootstrap().getDynamicResources().hasAdsConfig()) {
            Map<String, Answers> answers = subject.origin().sent().answers();
            put(stats, "cluster_manager.cds.", answers.getOrDefault(CLUSTERS, Answers.NONE));
            put(stats, "listener_manager.lds.", answers.getOrDefault(LISTENERS, Answers.NONE));
        }
        stats.put(
                "listener_manager.workers_started", state instanceof ProxyState.Starting ? 0L : 1);
        stats.put("server.live", state instanceof ProxyState.Draining ? 0L : 1);
        stats.put("server.state", (long) number(state));
        return stats;
    }

    private static void put(Map<String, Long> stats, String prefix, Answers answers) {
        stats.put(prefix + "update_rejected", answers.refused());
        stats.put(prefix + "update_success", answers.accepted());
    }

    /** As {@code envoy.admin.v3.ServerInfo.State}. */
    private static int number(ProxyState state) {
        return switch (state) {
            case ProxyState.Live() -> 0;
            case ProxyState.Draining() -> 1;
            case ProxyState.Starting _ -> 3;
        };
    }

    /** Whether it says something while it is 0, too: it was set, and not counted. */
    static boolean isState(String name) {
        return name.equals("server.state")
                || name.equals("server.live")
                || name.equals("listener_manager.workers_started");
    }
}
