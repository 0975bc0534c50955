from children.admin import child, concern

__all__ = ["child", "concern"]
