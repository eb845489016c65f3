package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
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

/** The head of an HTTP/1.1 request of a browser, 12 fields, is found and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-XX:+UseSerialGC")
public class HeadBenchmark {
    private static final String HEAD =
            """
            GET /orders/4711?page=2 HTTP/1.1
            Host: shop.example
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101
            Accept: application/json
            Accept-Encoding: gzip, deflate, br
            Accept-Language: de,en;q=0.7
            Cache-Control: no-cache
            Origin: https://shop.example
            Referer: https://shop.example/cart
            Cookie: session=0123456789abcdef; theme=dark
            X-Request-Id: 6f1ed002-ab15-4a9c-8f6e-7d2b2e1c9d10
            Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
            X-User: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk

            """;

    private final ByteBuf wire =
            Unpooled.directBuffer()
                    .writeBytes(HEAD.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    private final HeadScanner scanner = new HeadScanner(60 * 1024);
    private final RequestParser parser =
            new RequestParser(AsciiString.cached("http"), Limits.DEFAULT);

    /** From bytes in a socket's buffer to a head. */
    @Benchmark
    public ParsedRequest parse() {
        byte[] head = new byte[scanner.scan(wire)];
        wire.getBytes(wire.readerIndex(), head);
        return parser.parse(head);
    }
}
