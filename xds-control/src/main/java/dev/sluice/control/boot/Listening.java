package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.control.xds.XdsServer;
import io.grpc.Server;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Opens listeners, and says addresses as people write them. Stateless. */
final class Listening {
    private static final int LARGEST_MESSAGE = 16 << 20;

    private Listening() {}

    /** Opens a listener. */
    interface Opening<T> {
        T open() throws IOException;
    }

    /**
     * @param option that named the address
     * @throws StartFailure when it can't be listened on
     */
    static <T> T bound(String option, InetSocketAddress address, Opening<T> opening) {
        try {
            return opening.open();
        } catch (IOException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new StartFailure(
                    new Problem(
                            option + " " + address(address, address.getPort()),
                            String.valueOf(reason.getMessage()),
                            "an address of this machine that is free",
                            "stop what listens there, or give " + option + " another port"),
                    e);
        }
    }

    /** What nodes connect to; not started. */
    static Server forNodes(Settings settings, XdsServer xds) {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                settings.xds(),
                                Credentials.of(settings.xdsTls(), ClientAuth.REQUIRE))
                        .executor(xds.calls())
                        .callExecutor(xds.callsByService())
                        .maxInboundMessageSize(LARGEST_MESSAGE)
                        .permitKeepAliveWithoutCalls(true)
                        .permitKeepAliveTime(5, TimeUnit.SECONDS)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS);
        xds.services().forEach(builder::addService);
        return builder.build();
    }

    /** Such as {@code 127.0.0.1:80} and {@code [::1]:80}. */
    static String address(InetSocketAddress address, int port) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
