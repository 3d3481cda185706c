package ips.core.payload.html;

import ips.core.payload.text.Words;

/** Names of elements, event handlers and JavaScript that matter to {@link XssJudge}. */
final class HtmlWords {
    /** Runs script or loads a document by itself. */
    static final int ACTIVE = 1;

    /** Harmless in prose, telling where a value should hold no markup. */
    static final int RISKY = 2;

    /** Markup of daily use. */
    static final int PLAIN = 3;

    static final Words TAGS =
            Words.builder()
                    .add(
                            ACTIVE,
                            "script iframe frame frameset object embed applet base isindex bgsound layer"
                                    + " ilayer vmlframe xss portal noscript scriptlet event-source")
                    .add(
                            RISKY,
                            "svg math meta link style xml body html form input button textarea select"
                                    + " marquee video audio source track details template keygen animate"
                                    + " animatetransform animatemotion set import image img handler listener"
                                    + " foreignobject use title plaintext xmp noembed noframes comment"
                                    + " param head dialog menuitem blink command canvas animation isindex"
                                    + " maction map area basefont dir fieldset legend label slot doctype"
                                    + " dialog datalist output progress nobr rt ruby wbr x custom")
                    .add(
                            PLAIN,
                            "a abbr address article aside b bdi bdo big blockquote br caption center"
                                    + " cite code col dd del dfn div dl dt em figcaption figure font footer"
                                    + " h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol p pre q"
                                    + " s samp section small span strike strong sub sup table tbody td"
                                    + " tfoot th thead time tr tt u ul var")
                    .build();

    static final Words EVENTS =
            Words.of(
                    "onabort onactivate onafterprint onafterscriptexecute onafterupdate onanimationcancel"
                            + " onanimationend onanimationiteration onanimationstart onauxclick"
                            + " onbeforeactivate onbeforecopy onbeforecut onbeforedeactivate"
                            + " onbeforeeditfocus onbeforeinput onbeforepaste onbeforeprint"
                            + " onbeforescriptexecute onbeforetoggle onbeforeunload onbegin onblur"
                            + " onbounce oncancel oncanplay oncanplaythrough oncellchange onchange"
                            + " onclick onclose oncontextmenu oncontrolselect oncopy oncuechange oncut"
                            + " ondataavailable ondatasetchanged ondatasetcomplete ondblclick"
                            + " ondeactivate ondrag ondragend ondragenter ondragleave ondragover"
                            + " ondragstart ondrop ondurationchange onemptied onend onended onerror"
                            + " onerrorupdate onfilterchange onfinish onfocus onfocusin onfocusout"
                            + " onformdata onforminput onfullscreenchange ongotpointercapture"
                            + " onhashchange onhelp oninput oninvalid onkeydown onkeypress onkeyup"
                            + " onlayoutcomplete onload onloadeddata onloadedmetadata onloadend"
                            + " onloadstart onlosecapture onlostpointercapture onmediacomplete"
                            + " onmediaerror onmessage onmessageerror onmousedown onmouseenter"
                            + " onmouseleave onmousemove onmouseout onmouseover onmouseup onmousewheel"
                            + " onmove onmoveend onmovestart onoffline ononline onoutofsync onpagehide"
                            + " onpageshow onpaste onpause onplay onplaying onpointercancel"
                            + " onpointerdown onpointerenter onpointerleave onpointermove onpointerout"
                            + " onpointerover onpointerrawupdate onpointerup onpopstate onprogress"
                            + " onpropertychange onratechange onreadystatechange onredo onrepeat"
                            + " onreset onresize onresizeend onresizestart onresume onreverse"
                            + " onrowsenter onrowexit onrowdelete onrowinserted onscroll onscrollend"
                            + " onsearch onseek onseeked onseeking onselect onselectionchange"
                            + " onselectstart onshow onstalled onstart onstop onstorage onsubmit"
                            + " onsuspend onsyncrestored ontimeerror ontimeupdate ontoggle"
                            + " ontouchcancel ontouchend ontouchmove ontouchstart ontrackchange"
                            + " ontransitioncancel ontransitionend ontransitionrun ontransitionstart"
                            + " onundo onunhandledrejection onunload onurlflip onvolumechange onwaiting"
                            + " onwebkitanimationend onwebkittransitionend onwheel onzoom");

    /** Called with an argument, it runs code or shows that it could. */
    static final int SHOWS = 1;

    /** Runs text as code. */
    static final int RUNS = 2;

    /** Runs what it loads from an address. */
    static final int LOADS = 3;

    static final Words CALLS =
            Words.builder()
                    .add(SHOWS, "alert prompt confirm")
                    .add(
                            RUNS,
                            "eval settimeout setinterval function execscript fromcharcode atob"
                                    + " importscripts fetch msgbox unescape decodeuricomponent"
                                    + " getelementbyid createelement appendchild write writeln")
                    .add(LOADS, "import getscript loadscript script")
                    .build();

    private HtmlWords() {}
}
