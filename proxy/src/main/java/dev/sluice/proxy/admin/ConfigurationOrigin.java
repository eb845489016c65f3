package dev.sluice.proxy.admin;

import dev.sluice.proxy.resource.SentResource;
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

    /** What the management server sent and this proxy accepted; none without such a server. */
    default List<SentResource> sent() {
        return List.of();
    }
}
