
## report/page/page.html

page-skip = 跳到结论
page-contents = 目录
page-answer-link = 结论
page-differs-link = 布局差异
page-again = 如何重现
page-answer = 结论
page-differs = 各布局有何不同
page-arrows = ：用方向键读取数值
page-svg = 下载图 (SVG)
page-png = 下载图 (PNG)
page-csv = 下载数据 (CSV)
page-sheet = 以表格查看数据
page-rows = { $rows } 行
page-sums = 校验和 (SHA-256)
page-sums-table = 校验和
page-file = 文件
page-made = 由 Pointplane { $version } 生成。
page-offline = 本文件无需联网，可邮寄、可打印。

## report/page/map.html

map-play = 播放
map-month = 月份
map-colour = 颜色
map-scale = 最高尺度
map-stock = 存量
map-show = 显示
map-difference = 差异 B − A
map-both = A、B 并列
map-a-alone = 仅 A
map-layers = 图层
map-lines = 线
map-all = 全部线
map-alliances = 联盟
map-circles = 圈
map-axes = 轴
map-names = 地名
map-zoom-in = 放大
map-zoom-out = 缩小
map-how = 将指针移到某地、轻触，或聚焦地图后用方向键选择。
map-needs-script = 地图需要运行本页脚本，而您的浏览器未运行。其他图均可查看。
page-parameters = 参数
page-not-varied = 以上结论只在一组参数取值下成立。参数未作变动：见
