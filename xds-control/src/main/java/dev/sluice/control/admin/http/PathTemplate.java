package dev.sluice.control.admin.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of an HTTP rule, such as {@code /v1/{name=services/*}:setShare}. Of the template syntax
 * of google.api.http it takes literals, one variable of literals and {@code *}, and a verb; a
 * template with more is refused. Immutable.
 *
 * @param text as the annotation has it
 * @param variable field path that the variable sets; empty when there is none
 * @param shape what a path must be like; its only group is the variable's value
 */
record PathTemplate(String text, String variable, Pattern shape) {
    private static final Pattern SYNTAX =
            Pattern.compile("(/v1/)(?:\\{([a-z_.]+)=([a-zA-Z*/]+)})?([a-zA-Z/]*)(:[a-zA-Z]+)?");

    private static final Pattern PARAMETER = Pattern.compile("/([a-zA-Z]+)/\\*");

    static PathTemplate parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "http rule '" + text + "' (expected " + SYNTAX + "); write it so");
        }
        boolean variable = parts.group(2) != null;
        StringBuilder shape = new StringBuilder(parts.group(1));
        if (variable) {
            shape.append('(').append(parts.group(3).replace("*", "[^/:]+")).append(')');
        }
        shape.append(parts.group(4)).append(parts.group(5) == null ? "" : parts.group(5));
        return new PathTemplate(
                text, variable ? parts.group(2) : "", Pattern.compile(shape.toString()));
    }

    /**
     * The variable's value in a path; empty text when the template has no variable.
     *
     * @param rawPath still percent-encoded, so that an encoded slash is no slash
     * @return empty when the path is not of this shape
     */
    Optional<String> match(String rawPath) {
        Matcher found = shape.matcher(rawPath);
        if (!found.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                variable.isEmpty()
                        ? ""
                        : URLDecoder.decode(
                                found.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    /** With a parameter for each {@code *}, as OpenAPI wants it: {@code /v1/services/{service}}. */
    String withParameters() {
        String path = plain();
        for (String name : parameters().keySet()) {
            path = path.replaceFirst("\\*", "{" + name + "}");
        }
        return path;
    }

    /** The parameters of {@link #withParameters}, each with the collection that it is in. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher found = PARAMETER.matcher(plain());
        while (found.find()) {
            parameters.put(singular(found.group(1)), found.group(1));
        }
        return parameters;
    }

    private String plain() {
        return text.replaceAll("\\{[a-z_.]+=([^}]+)}", "$1");
    }

    private static String singular(String collection) {
        return collection.endsWith("ies")
                ? collection.substring(0, collection.length() - 3) + "y"
                : collection.substring(0, collection.length() - 1);
    }
}
