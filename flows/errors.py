"""Why there is no result, in the officer's words: what happened and what to do."""

import errno

_REASONS = {
    errno.ENOENT: "không tìm thấy",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EFBIG: "đĩa đã đầy hoặc tệp vượt hạn mức",
    errno.EDQUOT: "vượt hạn mức đĩa",
    errno.ENOTDIR: "không phải là thư mục",
    errno.EISDIR: "là thư mục",
    errno.EBUSY: "đang được dùng",
}


class RunError(Exception):
    """The command failed; nothing that was published before has changed."""


class UsageError(RunError):
    """The command cannot be meant as it stands."""


def reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese where it is a common reason."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
