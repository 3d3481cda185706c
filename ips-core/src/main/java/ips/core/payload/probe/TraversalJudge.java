package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds paths that climb out of their directory ({@link PathClimbs}), files that no client should
 * name ({@link NamedFile}, {@link SystemPath}, {@link LeftFile}), and remote files to include
 * ({@link RemoteFile}), after every way to write a path is made plain ({@link PathText}).
 */
@HotPath
public final class TraversalJudge implements Judge {
    private final PathText path;
    private final PathClimbs climbs;
    private final NamedFile file;
    private final SystemPath systemPath;
    private final LeftFile left;

    public TraversalJudge(int capacity) {
        path = new PathText(capacity);
        climbs = new PathClimbs(path);
        file = new NamedFile(path);
        systemPath = new SystemPath(path);
        left = new LeftFile(path);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        path.read(text);
        climbs.count();
        boolean named = file.find();
        climbs.judge(text, part, named, out);
        if (named) {
            file.judge(text, part, out);
        }
        systemPath.judge(text, part, out);
        left.judge(text, part, out);
        RemoteFile.judge(text, part, out);
    }
}
