package ips.bench.http;

import ips.bench.http.Site.Content;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A person's browser on one site: of a hundred requests 31 fetch pictures, 18 scripts and styles,
 * 16 pages, 15 data, 6 search, 6 report to the site's analytics, 4 send a form, 4 JSON.
 */
final class Browser implements Client {
    private static final String[] AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                + " Version/17.5 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/125.0.6422.165 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
                + " like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.92"
    };
    private static final String[] LANGUAGES = {
        "en-US,en;q=0.9",
        "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7",
        "fr,fr-FR;q=0.8,en-US;q=0.5",
        "en-GB,en;q=0.5",
        "pl-PL,pl;q=0.9,en;q=0.8"
    };
    private static final String[] SOURCES = {"google", "newsletter", "facebook", "bing", "partner"};

    private final Site site;
    private final SplittableRandom random;
    private final int address;
    private final int requests;
    private final String agent;
    private final String language;
    private final String cookies;
    private String page;

    Browser(Site site, SplittableRandom random) {
        this.site = site;
        this.random = random;
        address = 0x0a10_0000 + random.nextInt(30_000);
        requests = 1 + random.nextInt(24);
        agent = Words.pick(AGENTS, random);
        language = Words.pick(LANGUAGES, random);
        cookies = cookies();
        page = "/";
    }

    private String cookies() {
        StringBuilder text = new StringBuilder("_ga=GA1.1.");
        Words.digits(text, 9, random);
        text.append('.');
        Words.digits(text, 10, random);
        text.append("; sessionid=");
        Words.hex(text, 32, random);
        if (random.nextInt(3) > 0) {
            text.append("; csrftoken=");
            Words.base64(text, 64, random);
            text.append("; _fbp=fb.1.16");
            Words.digits(text, 11, random);
            text.append('.');
            Words.digits(text, 10, random);
        }
        if (random.nextBoolean()) {
            text.append("; OptanonConsent=isGpcEnabled=0&datestamp=Tue+Nov+14+2023+22%3A13%3A20");
            text.append("+GMT%2B0100&version=202405.1.0&hosts=&consentId=");
            uuid(text);
            text.append("&interactionCount=1&groups=C0001%3A1%2CC0002%3A0%2CC0003%3A1");
        }
        if (random.nextInt(3) == 0) {
            text.append(
                    "; prefs=%7B%22currency%22%3A%22EUR%22%2C%22view%22%3A%22grid%22%2C%22n%22%3A");
            Words.digits(text, 2, random);
            text.append("%7D");
        }
        return text.append("; theme=light").toString();
    }

    private void uuid(StringBuilder text) {
        for (int length : new int[] {8, 4, 4, 4, 12}) {
            Words.hex(text.append(length == 8 ? "" : "-"), length, random);
        }
    }

    @Override
    public int address() {
        return address;
    }

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public boolean attacks() {
        return false;
    }

    @Override
    public Exchange next() {
        int kind = random.nextInt(100);
        if (kind < 31) {
            return get(
                    picture(),
                    "image/avif,image/webp,image/apng,image/*,*/*;q=0.8",
                    Content.PICTURE);
        } else if (kind < 49) {
            return get(script(), "*/*", Content.SCRIPT);
        } else if (kind < 65) {
            return get(
                    visit(),
                    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
                    Content.PAGE);
        } else if (kind < 80) {
            return get(data(), "application/json, text/plain, */*", Content.DATA);
        } else if (kind < 86) {
            return get(
                    search(),
                    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                    Content.PAGE);
        } else if (kind < 92) {
            return get(analytics(), "*/*", Content.NOTHING);
        } else if (kind < 96) {
            return post(
                    "/account/" + Words.pick(random),
                    "application/x-www-form-urlencoded",
                    form(),
                    Content.PAGE);
        }
        return post("/api/v2/" + Words.pick(random), "application/json", json(), Content.DATA);
    }

    // What is asked for.

    private String picture() {
        StringBuilder uri = new StringBuilder("/media/catalog/product/cache/");
        Words.hex(uri, 32, random);
        uri.append('/');
        Words.joined(uri, 3, "-", random);
        uri.append('_');
        Words.digits(uri, 5, random);
        uri.append(random.nextBoolean() ? ".jpg" : ".webp");
        if (random.nextInt(3) > 0) {
            uri.append("?width=").append(100 + random.nextInt(1500)).append("&height=");
            uri.append(100 + random.nextInt(1500)).append("&quality=80&fit=bounds");
        }
        return uri.toString();
    }

    private String script() {
        StringBuilder uri = new StringBuilder("/static/js/");
        uri.append(Words.pick(random)).append('.');
        Words.hex(uri, 8, random);
        uri.append(random.nextInt(4) == 0 ? ".css" : ".chunk.js");
        if (random.nextInt(4) == 0) {
            uri.append("?v=");
            Words.digits(uri, 10, random);
        }
        return uri.toString();
    }

    /** A page, every third from a campaign. */
    private String visit() {
        StringBuilder uri = new StringBuilder("/");
        uri.append(Words.pick(random)).append('/').append(Words.pick(random)).append('/');
        Words.joined(uri, 4, "-", random);
        uri.append('-');
        Words.digits(uri, 6, random);
        if (random.nextInt(3) == 0) {
            uri.append("?utm_source=").append(Words.pick(SOURCES, random));
            uri.append("&utm_medium=cpc&utm_campaign=");
            Words.joined(uri, 4, "%20", random);
            uri.append("%20").append(2020 + random.nextInt(6)).append("&utm_content=");
            Words.joined(uri, 3, "_", random);
            uri.append("&utm_term=");
            Words.joined(uri, 3, "+", random);
            uri.append("&gclid=Cj0KCQ");
            Words.base64(uri, 84, random);
        } else if (random.nextBoolean()) {
            uri.append("?color=").append(Words.pick(random)).append("&size=");
            uri.append(36 + random.nextInt(12)).append("&page=").append(random.nextInt(40));
        }
        page = uri.toString();
        return page;
    }

    private String data() {
        StringBuilder uri = new StringBuilder("/api/v2/").append(Words.pick(random)).append('/');
        Words.digits(uri, 7, random);
        uri.append("/reviews?page=").append(random.nextInt(30)).append("&sort=newest&fields=");
        Words.joined(uri, 4, "%2C", random);
        uri.append("&filter=").append(Words.pick(random)).append("%3A").append(Words.pick(random));
        uri.append("&_=16");
        Words.digits(uri, 11, random);
        return uri.toString();
    }

    private String search() {
        StringBuilder uri = new StringBuilder("/search?q=");
        Words.joined(uri, 1 + random.nextInt(5), "+", random);
        uri.append("&category=")
                .append(Words.pick(random))
                .append("&from=")
                .append(random.nextInt(90));
        page = uri.toString();
        return page;
    }

    private String analytics() {
        StringBuilder uri = new StringBuilder("/g/collect?v=2&tid=G-");
        Words.hex(uri, 10, random);
        uri.append("&gtm=45je45m0v9");
        Words.digits(uri, 9, random);
        uri.append("za200&_p=");
        Words.digits(uri, 13, random);
        uri.append("&gcd=13l3l3l3l1&cid=");
        Words.digits(uri, 9, random);
        uri.append('.');
        Words.digits(uri, 10, random);
        uri.append("&ul=en-us&sr=1920x1080&pscdl=noapi&sid=");
        Words.digits(uri, 10, random);
        uri.append("&sct=1&seg=1&dl=https%3A%2F%2F").append(site.host());
        uri.append("%2F").append(Words.pick(random)).append("%2F").append(Words.pick(random));
        uri.append("%3Futm_source%3D").append(Words.pick(SOURCES, random)).append("&dt=");
        Words.joined(uri, 5, "%20", random);
        uri.append("%20%7C%20Shop&en=page_view&_et=").append(random.nextInt(90_000));
        return uri.toString();
    }

    private String form() {
        StringBuilder body = new StringBuilder("csrf_token=");
        Words.base64(body, 43, random);
        body.append("&first_name=").append(Words.pick(random)).append("&last_name=O%27");
        body.append(Words.pick(random)).append("&email=").append(Words.pick(random));
        body.append(random.nextInt(1000)).append("%40mail.example&street=");
        body.append(Words.pick(random)).append("+street+").append(random.nextInt(200));
        body.append("&zip=").append(10_000 + random.nextInt(80_000)).append("&comment=");
        Words.joined(body, 3 + random.nextInt(40), "+", random);
        return body.append("&newsletter=on&submit=Send").toString();
    }

    private String json() {
        StringBuilder body = new StringBuilder("{\"event\":\"").append(Words.pick(random));
        body.append("\",\"session\":\"");
        uuid(body);
        body.append("\",\"items\":[");
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            body.append("{\"sku\":\"").append(Words.pick(random)).append('-');
            Words.digits(body, 6, random);
            body.append("\",\"qty\":").append(1 + random.nextInt(5)).append(",\"title\":\"");
            Words.prose(body, 4, random);
            body.append("\",\"price\":").append(random.nextInt(300)).append(".99}");
            body.append(i == 1 ? "" : ",");
        }
        body.append("],\"note\":\"");
        Words.prose(body, random.nextInt(30), random);
        return body.append("\",\"consent\":true}").toString();
    }

    // What goes with it.

    private Exchange get(String uri, String accept, Content content) {
        StringBuilder head = head("GET", uri, accept);
        return exchange(head.append("\r\n"), content);
    }

    private Exchange post(String uri, String type, String body, Content content) {
        StringBuilder head = head("POST", uri, "application/json, text/html, */*");
        head.append("Origin: http://")
                .append(site.host())
                .append("\r\nContent-Type: ")
                .append(type);
        head.append("\r\nX-Requested-With: XMLHttpRequest\r\nContent-Length: ");
        head.append(body.length()).append("\r\n\r\n").append(body);
        return exchange(head, content);
    }

    private Exchange exchange(StringBuilder request, Content content) {
        return new Exchange(
                request.toString().getBytes(StandardCharsets.ISO_8859_1),
                site.respond(content, random));
    }

    private StringBuilder head(String method, String uri, String accept) {
        StringBuilder head = new StringBuilder(method).append(' ').append(uri);
        head.append(" HTTP/1.1\r\nHost: ").append(site.host());
        head.append("\r\nConnection: keep-alive\r\nUser-Agent: ").append(agent);
        head.append("\r\nAccept: ").append(accept);
        head.append("\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: ").append(language);
        head.append("\r\nReferer: http://").append(site.host()).append(page);
        if (site.behindProxy()) {
            head.append("\r\nsec-ch-ua: \"Not/A)Brand\";v=\"8\", \"Chromium\";v=\"126\"");
            head.append("\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Windows\"");
            head.append("\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors");
            head.append("\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-Proto: https");
            head.append("\r\nX-Forwarded-For: 10.").append(address >> 16 & 0xff).append('.');
            head.append(address >> 8 & 0xff).append('.').append(address & 0xff);
        } else if (random.nextInt(3) == 0) {
            head.append("\r\nUpgrade-Insecure-Requests: 1");
        }
        if (random.nextInt(8) == 0) {
            head.append("\r\nIf-None-Match: W/\"");
            Words.hex(head, 16, random);
            head.append('"');
        }
        return head.append("\r\nCookie: ").append(cookies).append("\r\n");
    }
}
