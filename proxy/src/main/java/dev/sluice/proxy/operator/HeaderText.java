package dev.sluice.proxy.operator;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a header value out of command operators. Values that there are not say nothing, as in
 * Envoy. Whatever they say, the value is one that a field may have (RFC 9110 section 5.5): control
 * characters become blanks, and it neither begins nor ends with one. Stateless.
 */
public final class HeaderText {
    private HeaderText() {}

    /**
     * The value, one char for each octet.
     *
     * @param exchange as far as it is known; its fields are octets, too
     */
    public static String of(List<LogPart> parts, ExchangeRecord exchange) {
        StringBuilder text = new StringBuilder(64);
        for (LogPart part : parts) {
            if (part instanceof LogPart.Literal(String literal)) {
                text.append(literal);
            } else {
                String said = JsonText.plain(LogValues.of(part, exchange), "");
                text.append(isOfFields(part) ? said : octets(said));
            }
        }
        return harmless(text);
    }

    private static boolean isOfFields(LogPart part) {
        return part instanceof LogPart.Field || part instanceof LogPart.Either;
    }

    /** In UTF-8. */
    private static String octets(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String harmless(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                text.setCharAt(i, ' ');
            }
        }
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
