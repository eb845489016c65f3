package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The header block of an HTTP/2 request of a browser, 4 pseudo-fields and 11 fields, is decoded and
 * checked: what every request but the first of a connection costs, since its repeated fields are in
 * the table by then and those of their own are written out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-XX:+UseSerialGC")
public class BlockBenchmark {
    private final BlockDecoder decoder = new BlockDecoder(60 * 1024, 100);
    private final ByteBuf block;

    public BlockBenchmark() {
        DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder(
                        (name, value) -> name.toString().equals("x-request-id"));
        Http2Headers headers =
                new DefaultHttp2Headers()
                        .method("GET")
                        .scheme("https")
                        .authority("shop.example")
                        .path("/orders/4711?page=2")
                        .add("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101")
                        .add("accept", "application/json")
                        .add("accept-encoding", "gzip, deflate, br")
                        .add("accept-language", "de,en;q=0.7")
                        .add("cache-control", "no-cache")
                        .add("origin", "https://shop.example")
                        .add("referer", "https://shop.example/cart")
                        .add("cookie", "session=0123456789abcdef; theme=dark")
                        .add("x-request-id", "6f1ed002-ab15-4a9c-8f6e-7d2b2e1c9d10")
                        .add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033")
                        .add("x-user", "k".repeat(64));
        try {
            ByteBuf first = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, first);
            decoder.decodeHeaders(1, first);
            block = Unpooled.directBuffer();
            encoder.encodeHeaders(3, headers, block);
        } catch (Http2Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** From the bytes of a HEADERS frame to checked fields. */
    @Benchmark
    public Object decode() throws Http2Exception {
        ReceivedFields fields = (ReceivedFields) decoder.decodeHeaders(5, block.duplicate());
        return fields.requestFault() == null ? fields.block() : fields;
    }
}
