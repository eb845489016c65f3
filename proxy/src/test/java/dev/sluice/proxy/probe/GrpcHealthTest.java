package dev.sluice.proxy.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcHealthTest {
    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @Test
    void a_request_is_one_frame_with_the_service_name() {
        assertThat(ByteBufUtil.hexDump(GrpcHealth.request(""))).isEqualTo("0000000000");
        assertThat(ByteBufUtil.hexDump(GrpcHealth.request("shop")))
                .isEqualTo("00000000060a0473686f70");
        assertThat(ByteBufUtil.hexDump(GrpcHealth.request("s".repeat(300))))
                .as("a length of two bytes")
                .startsWith("000000012f0aac0273");
    }

    @ParameterizedTest
    @CsvSource({
        "00000000020801, true, SERVING",
        "00000000020802, false, NOT_SERVING",
        "0000000000, false, UNKNOWN",
        "000000000508010a0178, true, with a field that is not known",
        "01000000020801, false, compressed",
        "00000000030801, false, shorter than it says",
        "000000000108, false, no protobuf",
        "0000, false, no frame"
    })
    void only_serving_is_well(String hex, boolean serving, String what) {
        assertThat(GrpcHealth.isServing(bytes(hex))).as(what).isEqualTo(serving);
    }
}
