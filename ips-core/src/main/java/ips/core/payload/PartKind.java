package ips.core.payload;

/** Where in a request a value stands. */
public enum PartKind {
    /** The path of the URI, without the query. */
    PATH,
    /** A parameter of the query. */
    QUERY,
    /** A cookie. */
    COOKIE,
    /** A header other than the ones below. */
    HEADER,
    /** The User-Agent header. */
    USER_AGENT,
    /** The Referer, Origin or another header that holds a URL of the client's own. */
    REFERER,
    /** A field of an urlencoded form. */
    FORM,
    /** A string of a JSON body, its escapes undone. */
    JSON,
    /** The text or an attribute's value of an XML body. */
    XML,
    /** The markup of an XML body before its root element, or all of a broken one. */
    XML_PROLOG,
    /** A field of a multipart body. */
    MULTIPART,
    /** The name of an uploaded file. */
    FILE_NAME,
    /** The beginning of an uploaded file. */
    FILE,
    /** A body of no known form. */
    BODY;

    /** Whether {@code +} is a space and percent encoding is usual. */
    public boolean formEncoded() {
        return this == QUERY || this == FORM;
    }

    /** Whether clients send the same value again with every request. */
    boolean repeated() {
        return this == USER_AGENT || this == REFERER || this == COOKIE || this == HEADER;
    }

    /** Whether many clients send the same value. */
    boolean shared() {
        return this == PATH || this == QUERY;
    }

    /** Whether line ends in it are usual. */
    public boolean multiLine() {
        return ordinal() >= FORM.ordinal();
    }
}
