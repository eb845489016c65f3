package dev.sluice.proxy.boot;

import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.resource.BootstrapSpec;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.List;

/** The configuration of a proxy without a management server: its bootstrap. Immutable. */
record StaticOrigin(BootstrapSpec spec) implements ConfigurationOrigin {
    @Override
    public List<String> inert() {
        return spec.inert();
    }

    @Override
    public Bootstrap bootstrap() {
        return spec.source();
    }
}
