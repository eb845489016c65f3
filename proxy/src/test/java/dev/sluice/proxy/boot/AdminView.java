package dev.sluice.proxy.boot;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.RawHttp1Client;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import java.net.InetAddress;
import java.util.Optional;

/** The admin endpoint of a proxy of this process, as Envoy's tools read it. */
record AdminView(AdminServer server, Metrics metrics) implements AutoCloseable {
    private static final JsonFormat.Parser ENVOY =
            JsonFormat.parser()
                    .usingTypeRegistry(
                            JsonFormat.TypeRegistry.newBuilder()
                                    .add(Extensions.TYPES.all())
                                    .add(ConfigDump.getDescriptor())
                                    .add(BootstrapConfigDump.getDescriptor())
                                    .add(ClustersConfigDump.getDescriptor())
                                    .add(ClustersConfigDump.DynamicCluster.getDescriptor())
                                    .add(ListenersConfigDump.getDescriptor())
                                    .add(RoutesConfigDump.getDescriptor())
                                    .build());

    static AdminView of(Proxy proxy, ConfigurationOrigin origin) {
        Metrics metrics = new Metrics();
        AdminServer.Opening opening =
                AdminServer.open(
                        new SocketAddressSpec(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                        new RunningSubject(
                                proxy,
                                metrics,
                                origin,
                                new LogLevels(),
                                () -> {},
                                Optional.empty()),
                        Optional.empty());
        return new AdminView(((AdminServer.Opening.Opened) opening).server(), metrics);
    }

    H1Response get(String path) throws Exception {
        return RawHttp1Client.get(server.address().getPort(), path);
    }

    ConfigDump dump(String path) throws Exception {
        ConfigDump.Builder dump = ConfigDump.newBuilder();
        ENVOY.merge(get(path).body().text(), dump);
        return dump.build();
    }

    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
