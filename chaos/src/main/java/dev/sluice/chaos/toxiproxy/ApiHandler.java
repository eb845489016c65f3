package dev.sluice.chaos.toxiproxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries HTTP requests to the API thread and its answers back. Owned by its event loop. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = Logger.getLogger(ApiHandler.class.getName());
    private static final Answer MALFORMED = Answer.plain(400, "400 Bad Request");
    private static final int DEFECT = 500;

    private final Api api;
    private final Executor apiThread;
    private final AtomicLong requests;

    /**
     * @param requests counts the requests of the server, for their ids
     */
    ApiHandler(Api api, Executor apiThread, AtomicLong requests) {
        this.api = api;
        this.apiThread = apiThread;
        this.requests = requests;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        if (request.decoderResult().isSuccess()) {
            answerOnApiThread(context, call(request), keepAlive);
        } else {
            send(context, MALFORMED, keepAlive);
        }
    }

    /** One thread answers all calls, so those of one connection stay in order. */
    private void answerOnApiThread(
            ChannelHandlerContext context, Api.Call call, boolean keepAlive) {
        try {
            apiThread.execute(() -> send(context, answer(call), keepAlive));
        } catch (RejectedExecutionException serverEnds) {
            var unused = context.close();
        }
    }

    private Answer answer(Api.Call call) {
        try {
            return api.answer(call);
        } catch (RuntimeException defect) {
            LOG.log(Level.SEVERE, "a defect in the Toxiproxy API", defect);
            return Answer.plain(DEFECT, "{\"error\":\"internal error\",\"status\":500}");
        }
    }

    private void send(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
        FullHttpResponse response = response(answer);
        HttpUtil.setKeepAlive(response, keepAlive);
        var sent = context.writeAndFlush(response);
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static Api.Call call(FullHttpRequest request) {
        return new Api.Call(
                request.method().name(),
                path(request.uri()),
                request.headers().get(HttpHeaderNames.USER_AGENT, ""),
                request.content().toString(StandardCharsets.UTF_8));
    }

    /** A path that can't be decoded names nothing, so it is answered as unknown. */
    private static String path(String uri) {
        try {
            String path = new QueryStringDecoder(uri, StandardCharsets.UTF_8).path();
            return path.startsWith("/") ? path : "/" + path;
        } catch (IllegalArgumentException malformed) {
            return "/";
        }
    }

    private FullHttpResponse response(Answer answer) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8));
        HttpHeaders headers = response.headers();
        headers.set("X-Toxiproxy-Request-Id", Long.toHexString(requests.incrementAndGet()));
        if (!answer.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (answer.isPlain()) {
            headers.set("X-Content-Type-Options", "nosniff");
        }
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        }
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }
}
