package dev.sluice.proxy.exchange;

/** HTTP versions, with the words of Envoy's {@code %PROTOCOL%}. */
public enum HttpProtocol {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2");

    private final String word;

    HttpProtocol(String word) {
        this.word = word;
    }

    /** As access logs write it. */
    public String word() {
        return word;
    }
}
