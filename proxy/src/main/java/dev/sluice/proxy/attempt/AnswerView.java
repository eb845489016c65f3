package dev.sluice.proxy.attempt;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.exchange.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the head of an answer to header matchers, which ask for headers only; what else a request
 * has is empty here. Loop-owned.
 */
record AnswerView(ResponseHead head) implements RequestView {
    private static final byte[] NO_ADDRESS = {};

    @Override
    public CharSequence method() {
        return "";
    }

    @Override
    public CharSequence target() {
        return "";
    }

    @Override
    public CharSequence path() {
        return "";
    }

    @Override
    public Optional<CharSequence> header(String lowerCaseName) {
        return headerValues(lowerCaseName).stream().findFirst().map(value -> value);
    }

    @Override
    public List<CharSequence> headerValues(String lowerCaseName) {
        if (lowerCaseName.equals(":status")) {
            return List.of(Integer.toString(head.status()));
        }
        List<CharSequence> values = new ArrayList<>(1);
        head.headers()
                .forEach((name, value) -> {
                    if (lowerCaseName.contentEquals(name)) {
                        values.add(value);
                    }
                });
        return values;
    }

    @Override
    public Optional<String> clientIdentity() {
        return Optional.empty();
    }

    @Override
    public byte[] peerAddress() {
        return NO_ADDRESS;
    }
}
