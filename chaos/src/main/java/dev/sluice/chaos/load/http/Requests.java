package dev.sluice.chaos.load.http;

import dev.sluice.chaos.load.LoadSettings;
import dev.sluice.chaos.load.Planned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes requests of what is planned. Immutable. */
final class Requests {
    /** The settings have no problems, so each field is one that can be sent. */
    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final LoadSettings settings;
    private final String run;
    private final List<Target> targets;

    /** The words of a request line and of {@code host} that a target gives. */
    private record Target(String path, String host) {
        static Target of(URI uri) {
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return new Target(path + query, uri.getHost() + port);
        }
    }

    /**
     * @param run name of the run, which each id begins with
     */
    Requests(LoadSettings settings, String run) {
        this.settings = settings;
        this.run = run;
        this.targets = settings.targets().stream().map(Target::of).toList();
    }

    /** What its header carries. */
    String id(Planned planned) {
        return run + "-" + planned.id();
    }

    FullHttpRequest of(Planned planned) {
        Target target = targets.get(planned.target());
        boolean writes = planned.operation() == Planned.Operation.WRITE;
        ByteBuf body = writes ? body(planned) : Unpooled.EMPTY_BUFFER;
        FullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        writes ? method() : HttpMethod.GET,
                        target.path().replace(LoadSettings.KEY_IN_URL, planned.key()),
                        body,
                        HEADERS,
                        HEADERS);
        request.headers()
                .set(HttpHeaderNames.HOST, target.host())
                .set(HttpHeaderNames.USER_AGENT, "sluice-chaos");
        settings.headers()
                .forEach((name, value) ->
                        request.headers()
                                .set(name, value.replace(LoadSettings.KEY, planned.key())));
        request.headers().set(settings.idHeader(), id(planned));
        if (writes) {
            request.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        return request;
    }

    private HttpMethod method() {
        return HttpMethod.valueOf(settings.writes().orElseThrow().method());
    }

    private ByteBuf body(Planned planned) {
        String value = BodyReader.value(run, planned.id());
        String text = settings.writes().orElseThrow().body().replace(LoadSettings.VALUE, value);
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
