package dev.sluice.proxy.tap;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Copies fields for people who look at them, without the values that say who a client is or let
 * somebody else be it: those of {@link #SECRET}, of the headers that gates in force take keys from,
 * and of the headers that the operator names. Thread-safe.
 */
public final class HeaderShield {
    /** What is shown in the place of a value. */
    public static final String SHOWN = "[redacted]";

    /** Headers whose values are never shown, lower-case. */
    public static final Set<String> SECRET =
            Set.of(
                    "authorization",
                    "proxy-authorization",
                    "cookie",
                    "set-cookie",
                    "x-api-key",
                    "x-auth-token",
                    "x-csrf-token",
                    "x-xsrf-token",
                    "x-amz-security-token",
                    "x-forwarded-access-token");

    /** Without more headers, and without gates. */
    public static final HeaderShield STANDARD = new HeaderShield(Set.of(), Set::of);

    private final Set<String> hidden;
    private final Supplier<Set<String>> keys;

    /**
     * @param more headers whose values are not shown either, lower-case
     * @param keys headers that gates in force take keys from, lower-case
     */
    public HeaderShield(Set<String> more, Supplier<Set<String>> keys) {
        Set<String> all = new HashSet<>(SECRET);
        all.addAll(more);
        hidden = Set.copyOf(all);
        this.keys = keys;
    }

    /** The fields of a request's head, pseudo headers first. */
    List<TapField> request(RequestHead head) {
        List<TapField> fields = new ArrayList<>(head.headers().size() + 4);
        pseudo(":authority", head.authority(), fields);
        pseudo(":path", head.path(), fields);
        pseudo(":method", head.method(), fields);
        pseudo(":scheme", head.scheme(), fields);
        fields.addAll(fields(head.headers()));
        return fields;
    }

    /** The fields of an answer's head, its status first. */
    List<TapField> response(ResponseHead head) {
        List<TapField> fields = new ArrayList<>(head.headers().size() + 1);
        pseudo(":status", Integer.toString(head.status()), fields);
        fields.addAll(fields(head.headers()));
        return fields;
    }

    /** These fields, in their order. */
    List<TapField> fields(HeaderBlock block) {
        Set<String> own = keys.get();
        List<TapField> fields = new ArrayList<>(block.size());
        block.forEach((name, value) -> {
            String known = name.toString();
            boolean secret = hidden.contains(known) || own.contains(known);
            fields.add(new TapField(known, secret ? SHOWN : text(value)));
        });
        return fields;
    }

    private static void pseudo(String name, CharSequence value, List<TapField> fields) {
        if (!value.isEmpty()) {
            fields.add(new TapField(name, text(value)));
        }
    }

    /** One char is one byte of the wire; most clients mean UTF-8. */
    private static String text(CharSequence value) {
        String bytes = value.toString();
        return bytes.chars().allMatch(c -> c < 0x80)
                ? bytes
                : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
