package dev.sluice.proxy.admin;

import dev.sluice.proxy.resource.SentConfiguration;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.List;

/** What a proxy was configured with, as it came. Thread-safe. */
@FunctionalInterface
public interface ConfigurationOrigin {
    /** Paths of what it says without effect. */
    List<String> inert();

    /** What the proxy was started with; holds whatever is secret in it. */
    default Bootstrap bootstrap() {
        return Bootstrap.getDefaultInstance();
    }

    /** What the management server sent and what became of it; nothing without such a server. */
    default SentConfiguration sent() {
        return SentConfiguration.NONE;
    }
}
