package dev.sluice.proxy.probe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of {@code grpc.health.v1.Health/Check}, each in its gRPC frame: a byte that says
 * whether it is compressed, four of length, the message. Stateless.
 */
final class GrpcHealth {
    static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int FRAME = 5;
    private static final int SERVICE = 1;
    private static final int STATUS = 1;
    private static final int SERVING = 1;

    private GrpcHealth() {}

    /** {@code HealthCheckRequest} about a service. */
    static ByteBuf request(String service) {
        int size = service.isEmpty() ? 0 : CodedOutputStream.computeStringSize(SERVICE, service);
        ByteBuf frame = Unpooled.buffer(FRAME + size);
        frame.writeByte(0).writeInt(size);
        if (size > 0) {
            byte[] name = service.getBytes(StandardCharsets.UTF_8);
            frame.writeByte((SERVICE << 3) | 2);
            int length = name.length;
            for (; length > 0x7f; length >>>= 7) {
                frame.writeByte((length & 0x7f) | 0x80);
            }
            frame.writeByte(length).writeBytes(name);
        }
        return frame;
    }

    /** Whether a body is one {@code HealthCheckResponse} that says {@code SERVING}. */
    static boolean isServing(ByteBuf body) {
        if (body.readableBytes() < FRAME
                || body.getByte(0) != 0
                || body.getInt(1) != body.readableBytes() - FRAME) {
            return false;
        }
        try {
            CodedInputStream in =
                    CodedInputStream.newInstance(
                            ByteBufUtil.getBytes(body, FRAME, body.readableBytes() - FRAME));
            int status = 0;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (STATUS << 3)) {
                    status = in.readEnum();
                } else {
                    in.skipField(tag);
                }
            }
            return status == SERVING;
        } catch (IOException malformed) {
            return false;
        }
    }
}
