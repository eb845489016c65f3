package dev.sluice.proxy.resource.read;

import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/** Checks where a resource is said to come from: the aggregated stream, version 3. Stateless. */
public final class ConfigSources {
    private ConfigSources() {}

    /** Adds a problem unless the source is {@code ads} without a limit on the wait. */
    public static void ads(ConfigSource proto, Spot at) {
        if (!proto.hasAds()) {
            at.add("no ads", "ads: {}", "take it from the aggregated stream");
        }
        version(proto.getResourceApiVersion(), at.field("resource_api_version"));
        boolean bounded =
                proto.hasInitialFetchTimeout()
                        && (proto.getInitialFetchTimeout().getSeconds() != 0
                                || proto.getInitialFetchTimeout().getNanos() != 0);
        if (bounded) {
            at.field("initial_fetch_timeout")
                    .add("a limit", "0s", "remove it; a resource is waited for until it is there");
        }
    }

    /** Adds a problem for the retired version 2; AUTO is read as 3. */
    @SuppressWarnings("deprecation") // AUTO is Envoy's default and V2 must be named to be refused
    public static void version(ApiVersion version, Spot at) {
        if (version != ApiVersion.V3 && version != ApiVersion.AUTO) {
            at.add(version.name(), "V3", "use version 3 of the API");
        }
    }
}
