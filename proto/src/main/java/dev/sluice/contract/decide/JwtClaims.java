package dev.sluice.contract.decide;

import dev.sluice.contract.match.Texts;

/**
 * Finds a claim in a JSON Web Token (RFC 7519) that others have verified. Stateless.
 *
 * <p>A token that is malformed, or whose payload is over 16 KiB, has no claims; nor has a claim a
 * value that is no string and no integer.
 */
final class JwtClaims {
    private static final String BEARER = "bearer ";
    private static final int LONGEST_PAYLOAD = 16 * 1024;

    private JwtClaims() {}

    /**
     * Reads a claim of the token in a header value into the buffer, cleared first: a string's UTF-8
     * bytes or an integer's digits; nothing where there is none.
     *
     * @return false when the value does not fit
     */
    static boolean read(CharSequence header, String claim, KeyBuffer into) {
        into.clear();
        CharSequence token = withoutScheme(Texts.trim(header));
        int payload = Texts.indexOf(token, '.', 0) + 1;
        int signature = Texts.indexOf(token, '.', payload);
        if (signature >= token.length() || signature - payload > LONGEST_PAYLOAD * 4 / 3) {
            return true;
        }
        byte[] json = Base64Bytes.URL.decode(token.subSequence(payload, signature));
        return new JsonMember(json, claim, into).read();
    }

    private static CharSequence withoutScheme(CharSequence value) {
        if (value.length() < BEARER.length()) {
            return value;
        }
        for (int i = 0; i < BEARER.length(); i++) {
            if (Character.toLowerCase(value.charAt(i)) != BEARER.charAt(i)) {
                return value;
            }
        }
        return Texts.trim(value, BEARER.length(), value.length());
    }
}
