package dev.sluice.proxy.xds;

import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.BootstrapSpec.Ads;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Channels to the addresses of the management cluster, one after the other. Owned by the
 * configuration thread.
 */
final class ManagementChannels implements Transport {
    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;
    private static final long KEEP_ALIVE_SECONDS = 30;

    private final List<SocketAddressSpec> addresses;
    private final Ads ads;
    private int next;

    ManagementChannels(BootstrapSpec bootstrap) {
        this.ads = bootstrap.ads().orElseThrow();
        this.addresses =
                bootstrap.clusters().stream()
                        .filter(cluster -> cluster.name().equals(ads.cluster()))
                        .flatMap(cluster -> endpoints(cluster).stream())
                        .map(EndpointSpec::address)
                        .toList();
    }

    private static List<EndpointSpec> endpoints(ClusterSpec cluster) {
        return switch (cluster.discovery()) {
            case ClusterSpec.Discovery.Static fixed -> fixed.load().endpoints();
            case ClusterSpec.Discovery.Dns dns -> dns.load().endpoints();
            case ClusterSpec.Discovery.Eds _, ClusterSpec.Discovery.OriginalDst _ -> List.of();
        };
    }

    @Override
    public ManagedChannel next() {
        if (addresses.isEmpty()) {
            throw new IllegalStateException(
                    "management cluster " + ads.cluster() + " has no address");
        }
        SocketAddressSpec address = addresses.get(next++ % addresses.size());
        Metadata headers = new Metadata();
        ads.metadata()
                .forEach((name, value) ->
                        headers.put(
                                Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        NettyChannelBuilder channel =
                NettyChannelBuilder.forAddress(address.address(), address.port())
                        .usePlaintext()
                        .withOption(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
                        .maxInboundMessageSize(LARGEST_MESSAGE)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .disableRetry()
                        .intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
        if (!ads.authority().isEmpty()) {
            channel.overrideAuthority(ads.authority());
        }
        return channel.build();
    }
}
