package dev.sluice.control.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to a webhook who sent it a body, and when: the headers of Standard Webhooks 1.0, {@code
 * v1,} and HMAC-SHA256 of {@code id.timestamp.body}. Stateless.
 */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String ENCODED_KEY = "whsec_";

    private Signature() {}

    /**
     * The headers.
     *
     * @param secret {@code whsec_} and the key in base64, else the key itself
     * @throws IllegalArgumentException when the base64 is none
     */
    static Map<String, String> headers(String secret, String id, Instant now, byte[] body) {
        String timestamp = Long.toString(now.getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        headers.put("webhook-signature", "v1," + mac(key(secret), id + "." + timestamp, body));
        return headers;
    }

    private static byte[] key(String secret) {
        return secret.startsWith(ENCODED_KEY)
                ? Base64.getDecoder().decode(secret.substring(ENCODED_KEY.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
    }

    private static String mac(byte[] key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((before + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
