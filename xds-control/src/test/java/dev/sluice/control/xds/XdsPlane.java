package dev.sluice.control.xds;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.grpc.GrpcClient;
import dev.sluice.testkit.xds.AdsClient;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** An {@link XdsServer} on a port of its own, a shop to publish and clients. Owned by one test. */
final class XdsPlane implements AutoCloseable {
    final Shop shop;
    final Told told = new Told();
    final EvidenceTotals evidence = new EvidenceTotals();
    final NodeLedger ledger = new NodeLedger(new ManualClock(), told);
    final XdsServer xds =
            new XdsServer(ledger, evidence, new NodeProof.Believed(), new ManualClock());
    private final Server server;
    private final AdsClient ads;
    private final GrpcClient grpc;

    XdsPlane() throws IOException {
        this(Shop.open(250_000));
    }

    /** Another one that starts with the log of an earlier one. */
    XdsPlane(Shop shop) throws IOException {
        this.shop = shop;
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        xds.services().forEach(builder::addService);
        server = builder.build().start();
        ads = AdsClient.connect(server.getPort());
        grpc = GrpcClient.connect(server.getPort());
        publish();
    }

    int port() {
        return server.getPort();
    }

    AdsClient ads() {
        return ads;
    }

    GrpcClient grpc() {
        return grpc;
    }

    /** Publishes the shop as it is now. */
    void publish() {
        xds.publisher().publish(shop.catalog());
    }

    GateRevision revision() {
        return shop.catalog().gate(Shop.ORDERS).orElseThrow().revision();
    }

    /** Waits until a condition holds that something of the ledger brings about. */
    void await(String what, BooleanSupplier condition) {
        CountDownLatch holds = new CountDownLatch(1);
        try (var _ =
                ledger.watch(_ -> {
                    if (condition.getAsBoolean()) {
                        holds.countDown();
                    }
                })) {
            if (condition.getAsBoolean()) {
                holds.countDown();
            }
            Patience.await(holds, what);
        }
    }

    @Override
    public void close() {
        ads.close();
        grpc.close();
        server.shutdownNow();
        xds.close();
    }
}
