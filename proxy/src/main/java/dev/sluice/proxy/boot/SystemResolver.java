package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The machine's own name service, asked on a virtual thread for each lookup, since it blocks.
 * Thread-safe.
 */
final class SystemResolver implements HostResolver {
    @Override
    public void resolve(String host, Consumer<Resolution> answer) {
        Thread.ofVirtual().name("sluice-resolve-" + host).start(() -> answer.accept(lookup(host)));
    }

    private static Resolution lookup(String host) {
        try {
            return new Resolution.Found(List.of(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            return new Resolution.Failed("host name '" + host + "' is not known");
        }
    }
}
