package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.CharBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OctetsTest {
    @ParameterizedTest
    @ValueSource(strings = {"shop.example", "shop.example:8080", "[::1]:80", "10.0.0.1", "a_b!"})
    void a_host_with_or_without_a_port_is_an_authority(String text) {
        assertThat(Octets.isAuthority(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "user@host",
                "a/b",
                "a?b",
                "a#b",
                "a\\b",
                "\"a",
                "a<b",
                "a>b",
                "a^b",
                "a`b",
                "a{b",
                "a|b",
                "a}b",
                "a,b",
                "a\u007f",
                "a\u00e4",
                "a\u0141",
                "a\tb"
            })
    void anything_else_in_it_is_refused(String text) {
        assertThat(Octets.isAuthority(text)).isFalse();
    }

    @Test
    void every_kind_of_text_is_copied_octet_by_octet() {
        byte[] target = new byte[12];
        AsciiString part = new AsciiString(new byte[] {'x', 'k', (byte) 0xff, 'x'}, 1, 2, false);

        Octets.copy(part, target, 1);
        Octets.copy("k\u00ff", target, 4);
        Octets.copy(CharBuffer.wrap("k\u00ff"), target, 8);

        assertThat(target).containsExactly(0, 'k', 0xff, 0, 'k', 0xff, 0, 0, 'k', 0xff, 0, 0);
    }
}
