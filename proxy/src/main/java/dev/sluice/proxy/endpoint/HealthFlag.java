package dev.sluice.proxy.endpoint;

import java.util.Set;
import java.util.stream.Collectors;

/** A reason why an endpoint is not plainly healthy, in Envoy's words. */
public enum HealthFlag {
    FAILED_ACTIVE_HC("failed_active_hc"),
    FAILED_OUTLIER_CHECK("failed_outlier_check"),
    FAILED_EDS_HEALTH("failed_eds_health"),
    DEGRADED_ACTIVE_HC("degraded_active_hc"),
    DEGRADED_EDS_HEALTH("degraded_eds_health"),
    PENDING_ACTIVE_HC("pending_active_hc");

    private final String word;

    HealthFlag(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** As Envoy's {@code /clusters} writes them: {@code healthy}, or a slash before each. */
    public static String text(Set<HealthFlag> flags) {
        return flags.isEmpty()
                ? "healthy"
                : flags.stream()
                        .sorted()
                        .map(flag -> "/" + flag.word)
                        .collect(Collectors.joining());
    }
}
