package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtClaimsTest {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final int DEEPEST = 32;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"sub\":\"ada\"} | ada",
                "{\"a\":true,\"b\":false,\"c\":null,\"sub\":\"x\"} | x",
                "{\"a\":[],\"b\":[1,\"q\",[true],{\"c\":{}}],\"sub\":\"x\"} | x",
                "{\"a\":{\"sub\":\"inner\"},\"sub\":\"x\"} | x",
                "{\"a\":1.5,\"b\":-0,\"c\":2e3,\"d\":2E+3,\"e\":2e-3,\"sub\":\"x\"} | x",
                "{\"sub\":\"first\",\"sub\":\"last\"} | last",
                "{ \"sub\" : \"x\" , \"n\" : [ 1 , 2 ] } | x",
                "{\"sub\":4711} | 4711",
                "{\"sub\":-7} | -7",
                "{\"sub\":0} | 0",
                "{\"sub\":\"a\\\"b\\\\c\\/d\"} | a\"b\\c/d",
                "{\"sub\":\"\\u00e9\\u00E9\"} | éé",
                "{\"sub\":\"plain\\u0041plain\"} | plainAplain",
            })
    void a_string_or_an_integer_is_found(String json, String key) {
        assertThat(claim("sub", json)).isEqualTo(key);
    }

    @Test
    void blanks_and_escapes_of_control_characters_are_read() {
        assertThat(claim("sub", "\t{\r\n \"sub\":\n\"\\b\\f\\n\\r\\t\"\r}\t"))
                .isEqualTo("\b\f\n\r\t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"other\":\"x\"}",
                "{\"sub\":true}",
                "{\"sub\":null}",
                "{\"sub\":[\"x\"]}",
                "{\"sub\":{\"x\":1}}",
                "{\"sub\":1.5}",
                "{\"sub\":1e3}",
                "{\"sub\":\"\"}",
            })
    void a_claim_that_is_no_string_and_no_integer_is_none(String json) {
        assertThat(claim("sub", json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"sub\":\"x\"",
                "{\"sub\":\"x\"} y",
                "{\"sub\":\"x\",}",
                "{\"sub\" \"x\"}",
                "{sub:\"x\"}",
                "{\"sub\":\"x",
                "{\"sub\":\"x\\",
                "{\"sub\":\"\\x\"}",
                "{\"sub\":\"\\u00zz\"}",
                "{\"sub\":\"a\u0001b\"}",
                "{\"sub\":\"\\n\u0001\"}",
                "{\"sub\":-}",
                "{\"sub\":1.}",
                "{\"sub\":1e}",
                "{\"sub\":1",
                "{\"sub\":\"x\",\"a\":tru}",
                "{\"sub\":\"x\",\"a\":nil}",
                "{\"sub\":\"x\",\"a\":[1 2]}",
                "{\"sub\":\"x\",\"a\":[1",
                "{\"sub\":\"x\",\"a\":",
            })
    void a_text_that_is_no_json_has_no_claims(String json) {
        assertThat(claim("sub", json)).isEmpty();
    }

    @Test
    void what_nests_too_deep_is_no_json() {
        String sub = "{\"sub\":\"x\",\"a\":";
        assertThat(claim("sub", sub + "[".repeat(DEEPEST) + "]".repeat(DEEPEST) + "}"))
                .isEqualTo("x");
        assertThat(claim("sub", sub + "[".repeat(DEEPEST + 1) + "]".repeat(DEEPEST + 1) + "}"))
                .isEmpty();
        String deep = "{\"a\":".repeat(DEEPEST) + "1" + "}".repeat(DEEPEST);
        assertThat(claim("sub", "{\"sub\":\"x\",\"a\":" + deep + "}")).isEqualTo("x");
        assertThat(claim("sub", "{\"sub\":\"x\",\"a\":{\"a\":" + deep + "}}")).isEmpty();
    }

    @Test
    void members_of_members_are_named_with_dots() {
        assertThat(claim("realm.user", "{\"realm\":{\"id\":1,\"user\":\"ada\"}}")).isEqualTo("ada");
        assertThat(claim("realm.user", "{\"realm\":\"ada\"}")).isEmpty();
        assertThat(claim("realm.user", "{\"realm.user\":\"ada\"}")).isEqualTo("ada");
    }

    @Test
    void a_value_that_does_not_fit_is_told() {
        KeyBuffer key = new KeyBuffer();
        assertThat(JwtClaims.read(token("{\"sub\":\"" + "a".repeat(2_000) + "\"}"), "sub", key))
                .isFalse();
        assertThat(JwtClaims.read(token("{\"sub\":" + "1".repeat(2_000) + "}"), "sub", key))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Basic x", "no.token", "a.!.c", "a.e30=.c", "a.e.c"})
    void what_is_no_token_has_no_claims(String header) {
        KeyBuffer key = new KeyBuffer();
        assertThat(JwtClaims.read(header, "sub", key)).isTrue();
        assertThat(key.length()).isZero();
    }

    @Test
    void a_token_may_come_with_padding_and_without_a_scheme() {
        String padded =
                "h." + Base64.getUrlEncoder().encodeToString(bytes("{\"sub\":\"a\"}")) + ".s";
        KeyBuffer key = new KeyBuffer();
        assertThat(JwtClaims.read(padded, "sub", key)).isTrue();
        assertThat(key.copy()).asString(StandardCharsets.UTF_8).isEqualTo("a");
    }

    private static String claim(String name, String json) {
        KeyBuffer key = new KeyBuffer();
        assertThat(JwtClaims.read(token(json), name, key)).as(json).isTrue();
        return new String(key.copy(), StandardCharsets.UTF_8);
    }

    private static String token(String json) {
        return "Bearer header." + URL.encodeToString(bytes(json)) + ".signature";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
