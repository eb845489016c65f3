package dev.sluice.proxy.operator;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.observe.ExchangeRecord;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Shows the request of a record to matchers: the headers that were kept. Immutable. */
public record LoggedRequest(ExchangeRecord exchange) implements RequestView {
    private static final byte[] NO_ADDRESS = {};

    @Override
    public CharSequence method() {
        return exchange.method();
    }

    @Override
    public CharSequence target() {
        return headerValues(":path").stream().findFirst().orElse(exchange.path());
    }

    @Override
    public CharSequence path() {
        return exchange.path();
    }

    @Override
    public Optional<CharSequence> header(String lowerCaseName) {
        return headerValues(lowerCaseName).stream().findFirst().map(value -> value);
    }

    @Override
    public List<String> headerValues(String lowerCaseName) {
        return exchange.log().request().getOrDefault(lowerCaseName, List.of());
    }

    @Override
    public Optional<String> clientIdentity() {
        return Optional.empty();
    }

    @Override
    public byte[] peerAddress() {
        InetAddress ip = exchange.downstream().getAddress();
        return ip == null ? NO_ADDRESS : ip.getAddress();
    }
}
