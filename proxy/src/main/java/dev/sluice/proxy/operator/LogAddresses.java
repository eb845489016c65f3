package dev.sluice.proxy.operator;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.log.LogPart;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses in access logs. Stateless. */
final class LogAddresses {
    private LogAddresses() {}

    /** The endpoint of the last attempt, with its port. */
    static LogValue upstream(ExchangeRecord exchange) {
        return endpoint(exchange).map(LogAddresses::whole).orElse(LogValue.NONE);
    }

    static LogValue of(LogPart.Address part, ExchangeRecord exchange) {
        Optional<InetSocketAddress> address =
                switch (part.end()) {
                    case DOWNSTREAM_REMOTE -> Optional.of(exchange.downstream());
                    case DOWNSTREAM_LOCAL -> Optional.of(exchange.log().ends().reached());
                    case DOWNSTREAM_DIRECT_REMOTE ->
                            Optional.of(exchange.log().ends().directRemote());
                    case DOWNSTREAM_DIRECT_LOCAL ->
                            Optional.of(exchange.log().ends().directLocal());
                    case UPSTREAM_REMOTE -> endpoint(exchange);
                    case UPSTREAM_LOCAL ->
                            exchange.upstream().flatMap(ExchangeRecord.Upstream::source);
                };
        return address.map(known -> portion(part, known)).orElse(LogValue.NONE);
    }

    private static Optional<InetSocketAddress> endpoint(ExchangeRecord exchange) {
        return exchange.upstream().flatMap(ExchangeRecord.Upstream::host);
    }

    private static LogValue portion(LogPart.Address part, InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return LogValue.NONE;
        }
        return switch (part.portion()) {
            case WHOLE -> whole(address);
            case PORT -> new LogValue.Count(address.getPort());
            case WITHOUT_PORT ->
                    new LogValue.Text(
                            part.maskBits().isPresent()
                                    ? masked(ip, part.maskBits().getAsInt())
                                    : NetUtil.toAddressString(ip));
        };
    }

    private static LogValue whole(InetSocketAddress address) {
        return address.getAddress() == null
                ? LogValue.NONE
                : new LogValue.Text(NetUtil.toSocketAddressString(address));
    }

    /** The network in CIDR notation; more bits than the address has are all. */
    private static String masked(InetAddress ip, int bits) {
        byte[] bytes = ip.getAddress();
        int kept = Math.min(bits, bytes.length * Byte.SIZE);
        for (int i = 0; i < bytes.length; i++) {
            int here = Math.clamp(kept - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff << (Byte.SIZE - here));
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes)) + "/" + kept;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }
}
